/** Fleets with more work than a quota takes, in virtual time, and the page that says what came of it. */
@NullMarked
package io.breakwater.overload;

import org.jspecify.annotations.NullMarked;
