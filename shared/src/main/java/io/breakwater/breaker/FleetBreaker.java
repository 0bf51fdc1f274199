package io.breakwater.breaker;

import io.breakwater.model.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * One worker's view of the breakers that its whole fleet shares, safe for use by many threads.
 *
 * <p>Cheap where calls go well: a call to a closed endpoint is admitted from memory while what the worker last heard of
 * it is at most {@link #CLOSED_FRESHNESS} old by wall time, and outcomes are added up and told the fleet in one write by
 * {@link #flush}, or within a few seconds. Exact where they do not: every probe is granted and ended by a conditional
 * write of its own.
 *
 * <p>Never the cause of an outage: while the store cannot be reached, the worker goes on with the state that it last
 * heard, and the same rules, alone.
 */
public final class FleetBreaker {
    /** How long a closed endpoint's calls are admitted without asking the fleet. */
    public static final Duration CLOSED_FRESHNESS = Duration.ofSeconds(5);

    /** How long an open endpoint's calls are refused without asking; an operator's override is heard this late. */
    public static final Duration OPEN_FRESHNESS = Duration.ofSeconds(30);

    /** How long a stage counts as full, or as this worker last saw it. */
    public static final Duration HALF_OPEN_FRESHNESS = Duration.ofSeconds(1);

    /** How old the oldest untold outcome gets. */
    public static final Duration FLUSH_INTERVAL = Duration.ofSeconds(4);

    /** From the end of a probe's call to the end of its slot's lease: 2 s, and as much for the grant itself. */
    public static final Duration LEASE_MARGIN = Duration.ofSeconds(4);

    private final BreakerSettings settings;
    private final BreakerProtocol protocol;
    private final BreakerStore store;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<String, EndpointBreaker> endpoints = new ConcurrentHashMap<>();

    public FleetBreaker(BreakerSettings settings, BreakerStore store, InstantSource clock, RandomGenerator random) {
        this.settings = settings;
        this.protocol = new BreakerProtocol(settings);
        this.store = store;
        this.clock = () -> clock.instant().truncatedTo(ChronoUnit.MILLIS);
        this.random = random;
    }

    /**
     * Asks for a call to the endpoint.
     *
     * @param callTimeout when the call will be over, whatever comes
     */
    public Admission admit(Endpoint endpoint, Duration callTimeout) {
        return switch (settings.mode()) {
            case ENFORCE -> breaker(endpoint).admit(callTimeout);
            case SHADOW -> breaker(endpoint).admitInAnyCase(callTimeout);
            case OFF -> (Admission.Permit) _ -> {};
        };
    }

    /** Tells the fleet every outcome that it has not heard. To be called before an invocation ends. */
    public void flush() {
        endpoints.values().forEach(EndpointBreaker::flush);
    }

    /** The endpoint's state as the fleet has it now. */
    public BreakerState state(Endpoint endpoint) {
        return breaker(endpoint).refreshed();
    }

    /** The calls on which this state's rate is judged now. */
    public Counts judged(BreakerState.Closed closed) {
        return protocol.judged(closed.window(), clock.instant());
    }

    /** Forces the endpoint's state, or gives it back to the rules. Returns what stands then. */
    public BreakerState override(Endpoint endpoint, StateOverride override) {
        return breaker(endpoint).override(override);
    }

    private EndpointBreaker breaker(Endpoint endpoint) {
        return endpoints.computeIfAbsent(
                endpoint.id(), id -> new EndpointBreaker(id, protocol, store, clock, this::jitter, this::permitId));
    }

    private double jitter() {
        return random.nextDouble();
    }

    private String permitId() {
        return "%016x".formatted(random.nextLong());
    }

    /** How long a state that was heard at {@code heardAt} may be acted on without asking again. */
    static Instant freshUntil(BreakerState state, Instant heardAt) {
        return heardAt.plus(
                switch (state) {
                    case BreakerState.Closed _ -> CLOSED_FRESHNESS;
                    case BreakerState.Open _ -> OPEN_FRESHNESS;
                    case BreakerState.HalfOpen _ -> HALF_OPEN_FRESHNESS;
                });
    }
}
