/** What every job store and queue promises, on the real engines and in memory. */
@NullMarked
package io.breakwater.job;

import org.jspecify.annotations.NullMarked;
