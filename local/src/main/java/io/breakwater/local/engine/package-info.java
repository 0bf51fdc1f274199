/** AWS on one machine: DynamoDB Local, ElasticMQ and S3Mock, embedded. */
@NullMarked
package io.breakwater.local.engine;

import org.jspecify.annotations.NullMarked;
