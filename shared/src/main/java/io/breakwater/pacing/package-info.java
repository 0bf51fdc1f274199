/** How fast the fleet calls an endpoint whose quota it has met: adapts where the breaker would open and close. */
@NullMarked
package io.breakwater.pacing;

import org.jspecify.annotations.NullMarked;
