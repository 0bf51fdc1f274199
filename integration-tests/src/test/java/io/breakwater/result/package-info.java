/** What every result store promises, on the real engine and in memory. */
@NullMarked
package io.breakwater.result;

import org.jspecify.annotations.NullMarked;
