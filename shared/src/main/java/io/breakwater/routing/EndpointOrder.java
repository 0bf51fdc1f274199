package io.breakwater.routing;

import io.breakwater.model.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * In which order a tier's endpoints are tried: as they are listed, or, where they have weights, by a draw in which an
 * endpoint's weight counts less the slower it has answered this worker. Safe for use by many threads.
 */
final class EndpointOrder {
    /** Share of the newest answer in an endpoint's average latency. */
    private static final double NEWEST = 0.125;

    /** A slow endpoint keeps at least this share of its weight, so that it shows when it is fast again. */
    private static final double LEAST = 0.25;

    private final RandomGenerator random;
    private final Map<Endpoint, Double> latencies = new ConcurrentHashMap<>();

    EndpointOrder(RandomGenerator random) {
        this.random = random;
    }

    /** An answer took so long. */
    void answered(Endpoint endpoint, Duration latency) {
        latencies.merge(
                endpoint, (double) latency.toMillis(), (average, newest) -> average + NEWEST * (newest - average));
    }

    /**
     * The tier's endpoints in order. A draw without replacement in proportion to weights: the order of exponential times
     * with the weights as rates.
     */
    List<Endpoint> of(Tier tier) {
        if (tier.weights().isEmpty()) {
            return tier.endpoints();
        }
        OptionalDouble fastest = tier.endpoints().stream()
                .filter(latencies::containsKey)
                .mapToDouble(endpoint -> latencies.getOrDefault(endpoint, 0.0))
                .min();
        Map<Endpoint, Double> times = new HashMap<>();
        for (Endpoint endpoint : tier.endpoints()) {
            double weight = tier.weights().getOrDefault(endpoint, 1) * speed(endpoint, fastest);
            times.put(endpoint, -Math.log(1 - random.nextDouble()) / weight);
        }
        List<Endpoint> order = new ArrayList<>(tier.endpoints());
        order.sort(Comparator.comparingDouble(endpoint -> times.getOrDefault(endpoint, 0.0)));
        return order;
    }

    private double speed(Endpoint endpoint, OptionalDouble fastest) {
        Double latency = latencies.get(endpoint);
        return latency == null || latency == 0 ? 1 : Math.max(LEAST, fastest.orElse(latency) / latency);
    }
}
