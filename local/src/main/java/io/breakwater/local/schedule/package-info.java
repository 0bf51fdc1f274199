/** A function that is started by the clock. */
@NullMarked
package io.breakwater.local.schedule;

import org.jspecify.annotations.NullMarked;
