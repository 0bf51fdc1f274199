/** What a worker does with a delivered job: claim it, have it served, and end it or give it back. */
@NullMarked
package io.breakwater.worker;

import org.jspecify.annotations.NullMarked;
