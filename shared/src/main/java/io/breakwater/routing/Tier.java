package io.breakwater.routing;

import io.breakwater.model.Endpoint;
import java.util.List;
import java.util.Objects;

/**
 * One rung of the chain: endpoints that are equally good, with the same limits.
 *
 * @param name {@code primary}, {@code fallback}, {@code emergency}, or any other; unique in the chain
 * @param endpoints in order of preference, not empty
 * @param maxTokens ceiling on the tokens of an answer from this tier
 * @param simplify whether the model is told to answer briefly and simply
 */
public record Tier(String name, List<Endpoint> endpoints, int maxTokens, boolean simplify) {
    public Tier {
        Objects.requireNonNull(name);
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("tier " + name + " has no endpoints");
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("tier " + name + ": maxTokens must be at least 1, was " + maxTokens);
        }
    }
}
