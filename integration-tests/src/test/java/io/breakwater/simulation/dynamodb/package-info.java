/** DynamoDB as a model in memory, request by request, for simulations of millions of requests. */
@NullMarked
package io.breakwater.simulation.dynamodb;

import org.jspecify.annotations.NullMarked;
