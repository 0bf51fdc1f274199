/** Names and settings of the tables, queues and bucket, from one source for local and deployed pipelines. */
@NullMarked
package io.breakwater.topology;

import org.jspecify.annotations.NullMarked;
