/** The whole pipeline in virtual time: real workers, sweepers and dead-letter handlers, and everything that can befall them. */
@NullMarked
package io.breakwater.simulation.pipeline;

import org.jspecify.annotations.NullMarked;
