/** Virtual time and coroutines, for simulations that own the clock, the order of events and every fault. */
@NullMarked
package io.breakwater.simulation;

import org.jspecify.annotations.NullMarked;
