package io.breakwater.simulation.dynamodb;

import java.util.Set;

/**
 * A parsed expression.
 *
 * @param names the name placeholders that it uses
 * @param values the value placeholders that it uses
 */
record Parsed<T>(T tree, Set<String> names, Set<String> values) {}
