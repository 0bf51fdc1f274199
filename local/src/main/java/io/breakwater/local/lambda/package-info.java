/** What the Lambda service gives a handler besides its event. */
@NullMarked
package io.breakwater.local.lambda;

import org.jspecify.annotations.NullMarked;
