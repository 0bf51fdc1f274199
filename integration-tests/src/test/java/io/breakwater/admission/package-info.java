/** The stores of the backlog's report held to one contract, on the real engine. */
@NullMarked
package io.breakwater.admission;

import org.jspecify.annotations.NullMarked;
