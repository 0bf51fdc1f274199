/** Variants of the breaker that only measurements have. */
@NullMarked
package io.breakwater.breaker;

import org.jspecify.annotations.NullMarked;
