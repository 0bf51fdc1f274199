/** The worker function: an SQS batch in, what is to be delivered again out. */
@NullMarked
package io.breakwater.function.worker;

import org.jspecify.annotations.NullMarked;
