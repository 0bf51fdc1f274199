package io.breakwater.routing;

import io.breakwater.job.JobRequest;
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

    /** The tiers that may serve the request: all, or the first when it is not to be degraded. */
    public List<Tier> tiers(JobRequest request) {
        return request.allowDegraded() ? tiers : tiers.subList(0, 1);
    }

    List<Rung> rungs(JobRequest request) {
        return tiers(request).stream().map(tier -> Rung.of(request, tier, this)).toList();
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
