package io.breakwater.pacing;

import io.breakwater.breaker.FleetBreaker;
import io.breakwater.model.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fleet's paces for one who calls nothing, safe for use by many threads. A call's tokens are not known here; whether the
 * fleet keeps to a pace is seen by what workers tell: their demand, while they do and only then.
 */
public final class PaceWatch {
    /** How long a store that failed is left alone: who looks at many endpoints waits for it once. */
    private static final Duration REST = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(PaceWatch.class);

    private final PaceStore store;
    private final FleetBreaker breaker;
    private final Map<Endpoint, Quota> quotas;
    private final InstantSource clock;
    private final Map<Endpoint, PaceState> heard = new ConcurrentHashMap<>();
    private volatile Instant restUntil = Instant.MIN;

    /**
     * A watch.
     *
     * @param breaker asked for what it last heard of the endpoint's calls
     * @param quotas of endpoints for which they are known
     */
    public PaceWatch(PaceStore store, FleetBreaker breaker, Map<Endpoint, Quota> quotas, InstantSource clock) {
        this.store = store;
        this.breaker = breaker;
        this.quotas = Map.copyOf(quotas);
        this.clock = clock;
    }

    /**
     * The pace to which the fleet keeps its calls of the endpoint, by one read; by what was last heard while the store cannot
     * be reached. Empty when it keeps to none.
     */
    public Optional<PaceInForce> look(Endpoint endpoint) {
        PaceState state = read(endpoint);
        Instant now = clock.instant();
        boolean kept = state.isDemandTold(now.minus(PaceState.WINDOW));
        PaceInForce pace = new PaceInForce(
                state,
                quotas.getOrDefault(endpoint, Quota.UNKNOWN),
                breaker.recentCalls(endpoint, now.minus(PaceState.WINDOW)),
                measure -> switch (measure) {
                    case REQUESTS -> OptionalDouble.of(1);
                    case TOKENS -> kept ? OptionalDouble.empty() : OptionalDouble.of(0);
                },
                now);
        return Optional.of(pace).filter(it -> it.isPaced() || (kept && it.isLimited()));
    }

    private PaceState read(Endpoint endpoint) {
        Instant now = clock.instant();
        if (!now.isBefore(restUntil)) {
            try {
                heard.put(endpoint, store.read(endpoint.id(), now));
            } catch (RuntimeException e) {
                LOG.warn("the pace of {} cannot be read: {}", endpoint, e.toString());
                restUntil = clock.instant().plus(REST);
            }
        }
        return heard.getOrDefault(endpoint, PaceState.INITIAL);
    }
}
