/**
 * How jobs come in: what is known to be in vain, or to come too late, is refused at the door; what is accepted is there for
 * good.
 */
@NullMarked
package io.breakwater.admission;

import org.jspecify.annotations.NullMarked;
