/** How many jobs of one tenant may be in flight at once, so that none has the whole fleet to itself. */
@NullMarked
package io.breakwater.tenant;

import org.jspecify.annotations.NullMarked;
