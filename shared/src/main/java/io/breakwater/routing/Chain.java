package io.breakwater.routing;

import io.breakwater.model.Endpoint;
import java.util.List;
import java.util.Optional;

/** The tiers in order of preference: the first serves undegraded, each later one is a fallback. */
public record Chain(List<Tier> tiers) {
    public Chain {
        tiers = List.copyOf(tiers);
        if (tiers.isEmpty()) {
            throw new IllegalArgumentException("the chain has no tiers");
        }
    }

    /** Every endpoint of the chain, in the chain's order, each once. */
    public List<Endpoint> endpoints() {
        return tiers.stream()
                .flatMap(tier -> tier.endpoints().stream())
                .distinct()
                .toList();
    }

    /** The endpoint of this region whose alias or model id is {@code model}. */
    public Optional<Endpoint> endpoint(String region, String model) {
        return endpoints().stream()
                .filter(endpoint -> endpoint.region().equals(region))
                .filter(endpoint ->
                        endpoint.alias().equals(model) || endpoint.model().equals(model))
                .findFirst();
    }
}
