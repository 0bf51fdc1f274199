/** What a pipeline needs of AWS, on one machine: DynamoDB Local, ElasticMQ and S3Mock, embedded, or what else speaks as they do. */
@NullMarked
package io.breakwater.local.engine;

import org.jspecify.annotations.NullMarked;
