/** A job and its life: what was asked, which transitions are legal, and the store that keeps the promise of a 202. */
@NullMarked
package io.breakwater.job;

import org.jspecify.annotations.NullMarked;
