/** What a breaker takes of a call that goes well, measured in one process. */
@NullMarked
package io.breakwater.jmh;

import org.jspecify.annotations.NullMarked;
