/** The sweeper function: started by a schedule, looks after jobs that are due. */
@NullMarked
package io.breakwater.function.sweeper;

import org.jspecify.annotations.NullMarked;
