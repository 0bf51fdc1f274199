/** Pace stores held to one contract, on the real engine. */
@NullMarked
package io.breakwater.pacing;

import org.jspecify.annotations.NullMarked;
