/** The stores of regions held to one contract, on the real engine. */
@NullMarked
package io.breakwater.health;

import org.jspecify.annotations.NullMarked;
