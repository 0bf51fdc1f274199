package io.breakwater.simulation.dynamodb;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An expression's tree, parsed once for each text.
 *
 * @param placeholders every {@code #name} and {@code :value} in it
 */
record Expression<T>(T tree, Set<String> placeholders) {
    private static final Map<String, Expression<Condition>> CONDITIONS = new ConcurrentHashMap<>();
    private static final Map<String, Expression<Update>> UPDATES = new ConcurrentHashMap<>();

    static Expression<Condition> condition(String text) {
        return CONDITIONS.computeIfAbsent(text, ExpressionParser::condition);
    }

    static Expression<Update> update(String text) {
        return UPDATES.computeIfAbsent(text, ExpressionParser::update);
    }
}
