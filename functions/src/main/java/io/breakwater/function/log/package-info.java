/** The log of a function on Lambda: a line of JSON for each event, on standard output. */
@NullMarked
package io.breakwater.function.log;

import org.jspecify.annotations.NullMarked;
