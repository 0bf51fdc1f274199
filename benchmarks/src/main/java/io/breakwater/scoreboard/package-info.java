/** Fleets of breakers beside each other in virtual time, and the page that says what came of it. */
@NullMarked
package io.breakwater.scoreboard;

import org.jspecify.annotations.NullMarked;
