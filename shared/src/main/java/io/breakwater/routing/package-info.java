/** Where a job's model call may go: tiers in order of preference, walked by the router. */
@NullMarked
package io.breakwater.routing;

import org.jspecify.annotations.NullMarked;
