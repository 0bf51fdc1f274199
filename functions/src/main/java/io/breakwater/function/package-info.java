/** What the Lambda functions have in common: their settings and the services they are wired from. */
@NullMarked
package io.breakwater.function;

import org.jspecify.annotations.NullMarked;
