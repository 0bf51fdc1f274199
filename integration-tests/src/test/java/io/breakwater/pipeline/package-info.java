/** The whole pipeline, from HTTP to the result in S3, with the real SDK on the wire, on every backend. */
@NullMarked
package io.breakwater.pipeline;

import org.jspecify.annotations.NullMarked;
