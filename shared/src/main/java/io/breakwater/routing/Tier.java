package io.breakwater.routing;

import io.breakwater.model.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One level of the chain: endpoints that are equally good, with the same limits.
 *
 * @param name {@code primary}, {@code fallback}, {@code emergency}, or any other; unique in the chain
 * @param endpoints in order of preference, not empty
 * @param weights how much more often than another an endpoint is tried first, each at least 1; empty to keep the order
 * @param maxTokens ceiling on the tokens of an answer from this tier
 * @param simplify whether the model is told to answer briefly and simply
 */
public record Tier(
        String name, List<Endpoint> endpoints, Map<Endpoint, Integer> weights, int maxTokens, boolean simplify) {
    public Tier {
        Objects.requireNonNull(name);
        endpoints = List.copyOf(endpoints);
        weights = Map.copyOf(weights);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("tier " + name + " has no endpoints");
        }
        if (weights.values().stream().anyMatch(weight -> weight < 1)) {
            throw new IllegalArgumentException("tier " + name + ": weights must be at least 1, were " + weights);
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("tier " + name + ": maxTokens must be at least 1, was " + maxTokens);
        }
    }

    /** A tier whose endpoints are tried in their order. */
    public Tier(String name, List<Endpoint> endpoints, int maxTokens, boolean simplify) {
        this(name, endpoints, Map.of(), maxTokens, simplify);
    }
}
