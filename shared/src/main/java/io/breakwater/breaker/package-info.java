/** The circuit breaker that the whole fleet shares: one per endpoint, a pure core and stores that only compare-and-set. */
@NullMarked
package io.breakwater.breaker;

import org.jspecify.annotations.NullMarked;
