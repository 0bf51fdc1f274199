/** The breaker's stores held to one contract, on the real engines. */
@NullMarked
package io.breakwater.breaker;

import org.jspecify.annotations.NullMarked;
