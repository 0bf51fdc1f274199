package io.breakwater.pacing;

import io.breakwater.breaker.FleetBreaker;
import io.breakwater.model.Endpoint;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * One worker's part in the pace of its whole fleet, safe for use by many threads.
 *
 * <p>An endpoint that does not throttle has no pace, and costs nothing here. Once it throttles, every worker that calls it
 * reports its demand every few seconds, and gets a share of the fleet's pace in proportion. The breaker's windows tell
 * what the endpoint takes.
 *
 * <p>Never the cause of an outage: without its store, a worker keeps to the pace that it last heard.
 */
public final class FleetPacer implements Pacer {
    private final PaceStore store;
    private final FleetBreaker breaker;
    private final Map<Endpoint, Quota> quotas;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final PaceListener listener;
    private final Map<Endpoint, EndpointPacer> endpoints = new ConcurrentHashMap<>();

    /**
     * A pacer.
     *
     * @param quotas of endpoints for which they are known
     * @param random keeps workers that begin together from calling together
     */
    public FleetPacer(
            PaceStore store,
            FleetBreaker breaker,
            Map<Endpoint, Quota> quotas,
            InstantSource clock,
            RandomGenerator random,
            PaceListener listener) {
        this.store = store;
        this.breaker = breaker;
        this.quotas = Map.copyOf(quotas);
        this.clock = clock;
        this.random = random;
        this.listener = listener;
    }

    @Override
    public Turn ask(Endpoint endpoint, long tokens) {
        return pacer(endpoint).ask(tokens);
    }

    /** Tells the fleet everything that it has not heard. To be called before an invocation ends. */
    public void flush() {
        endpoints.values().forEach(EndpointPacer::flush);
    }

    /** Tells the fleet what has waited long enough. To be called every {@link FleetBreaker#TICK} while calls are made. */
    public void flushDue() {
        endpoints.values().forEach(EndpointPacer::flushDue);
    }

    private EndpointPacer pacer(Endpoint endpoint) {
        return endpoints.computeIfAbsent(
                endpoint,
                added -> new EndpointPacer(
                        added, store, breaker, quotas.getOrDefault(added, Quota.UNKNOWN), clock, random, listener));
    }
}
