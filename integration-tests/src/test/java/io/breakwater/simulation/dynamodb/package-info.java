/**
 * DynamoDB as a model: its requests, conditions and updates, in memory and on a clock that a simulation owns. DynamoDB
 * Local, which answers the same requests in the tests, keeps it honest.
 */
@NullMarked
package io.breakwater.simulation.dynamodb;

import org.jspecify.annotations.NullMarked;
