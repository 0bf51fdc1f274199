/** Whether whole regions are fit for traffic, judged from the breakers of their endpoints. */
@NullMarked
package io.breakwater.health;

import org.jspecify.annotations.NullMarked;
