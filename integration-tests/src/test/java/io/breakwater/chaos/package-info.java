/** The pipeline in real processes, while workers are killed, models fail and stores err. */
@NullMarked
package io.breakwater.chaos;

import org.jspecify.annotations.NullMarked;
