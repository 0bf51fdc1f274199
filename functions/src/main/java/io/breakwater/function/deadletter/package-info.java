/** The dead-letter function: decides on messages that were delivered in vain too often. */
@NullMarked
package io.breakwater.function.deadletter;

import org.jspecify.annotations.NullMarked;
