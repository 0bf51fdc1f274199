package io.breakwater.breaker;

import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.model.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker's view of the breakers that its whole fleet shares, safe for use by many threads.
 *
 * <p>Cheap where calls go well: a call to a closed endpoint is admitted from memory while what the worker last heard of
 * it is fresh by wall time, and calls are added up and told the fleet in one write by {@link #flush}, or within a few
 * seconds by {@link #flushDue}. Exact where they do not: every probe is granted and ended by a conditional write of its
 * own.
 *
 * <p>Never the cause of an outage: while the store cannot be reached, the worker goes on with the state that it last
 * heard, and the same rules, alone.
 */
public final class FleetBreaker {
    /** How often {@link #flushDue} is to be called while calls are made. */
    public static final Duration TICK = Duration.ofMillis(500);

    /** How long a closed endpoint's calls are admitted without asking the fleet: who opens it is heard this late. */
    public static final Duration CLOSED_FRESHNESS = Duration.ofSeconds(5);

    /** Of a probe's lease that is left when its call has ended, at least. */
    static final Duration LEASE_REST = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(FleetBreaker.class);

    private final BreakerSettings settings;
    private final BreakerProtocol protocol;
    private final Timing timing;
    private final BreakerStore store;
    private final StoreClock clock;
    private final RandomGenerator random;
    private final BreakerListener listener;
    private final Map<Endpoint, EndpointBreaker> endpoints = new ConcurrentHashMap<>();

    /**
     * How long a worker acts on what it last heard.
     *
     * @param closedFreshness how long a closed endpoint's calls are admitted without asking the fleet
     * @param openFreshness how long an open endpoint's calls are refused without asking; an operator's override is
     *     heard this late
     * @param halfOpenFreshness how long a stage, or the pace of a ramp, counts as this worker last saw it
     * @param flushInterval how long what is untold waits for more
     * @param leaseMargin from the end of a probe's call to the end of its slot's lease: {@link #LEASE_REST}, and as much
     *     for the grant itself
     */
    record Timing(
            Duration closedFreshness,
            Duration openFreshness,
            Duration halfOpenFreshness,
            Duration flushInterval,
            Duration leaseMargin) {
        static final Timing DEFAULTS = new Timing(
                CLOSED_FRESHNESS,
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofSeconds(4),
                Duration.ofSeconds(4));

        Duration freshness(BreakerState state, boolean paced) {
            return switch (state) {
                case BreakerState.Closed _ -> paced ? halfOpenFreshness : closedFreshness;
                case BreakerState.Open _ -> openFreshness;
                case BreakerState.HalfOpen _ -> halfOpenFreshness;
            };
        }
    }

    /** A worker whose transitions only go to the log and the store's history. */
    public FleetBreaker(BreakerSettings settings, BreakerStore store, InstantSource clock, RandomGenerator random) {
        this(settings, store, clock, random, BreakerListener.NONE);
    }

    public FleetBreaker(
            BreakerSettings settings,
            BreakerStore store,
            InstantSource clock,
            RandomGenerator random,
            BreakerListener listener) {
        this(settings, new BreakerProtocol(settings), Timing.DEFAULTS, store, clock, random, listener);
    }

    /** With rules and times of one's own: for simulations that plant bugs there. */
    FleetBreaker(
            BreakerSettings settings,
            BreakerProtocol protocol,
            Timing timing,
            BreakerStore store,
            InstantSource clock,
            RandomGenerator random,
            BreakerListener listener) {
        this.settings = settings;
        this.protocol = protocol;
        this.timing = timing;
        this.store = store;
        this.clock = new StoreClock(clock);
        this.random = random;
        this.listener = ((BreakerListener) this::record).and(listener);
    }

    /**
     * Asks for a call to the endpoint.
     *
     * @param callTimeout when the call will be over, whatever comes
     */
    public Admission admit(Endpoint endpoint, Duration callTimeout) {
        return admit(endpoint, callTimeout, () -> Duration.ZERO);
    }

    /**
     * Asks for a call to an endpoint that may have a pace.
     *
     * @param callTimeout when the call will be over, whatever comes
     * @param probeSpacing how far apart the probes of a stage are to begin; only asked when the call might be one
     */
    public Admission admit(Endpoint endpoint, Duration callTimeout, Supplier<Duration> probeSpacing) {
        return switch (settings.mode()) {
            case ENFORCE -> breaker(endpoint).admit(callTimeout, probeSpacing);
            case SHADOW -> breaker(endpoint).admitInAnyCase(callTimeout, probeSpacing);
            case OFF -> (Admission.Permit) _ -> {};
        };
    }

    /** Tells the fleet everything that it has not heard. To be called before an invocation ends. */
    public void flush() {
        endpoints.values().forEach(EndpointBreaker::flush);
    }

    /**
     * Tells the fleet what it should not wait for any longer. To be called every {@link #TICK} while calls are on their
     * way: the fleet's rate is a rate of calls started, and holds as far as starts are told.
     */
    public void flushDue() {
        endpoints.values().forEach(EndpointBreaker::flushDue);
    }

    /** The endpoint's state as the fleet has it now. */
    public BreakerState state(Endpoint endpoint) {
        return breaker(endpoint).refreshed();
    }

    /**
     * Until when calls to the endpoint are known to be refused: empty when one may be admitted. Goes by what was last
     * heard, and asks the fleet when that is no longer fresh, so at most once in its freshness.
     */
    public Optional<Instant> refusedUntil(Endpoint endpoint) {
        return settings.mode() == BreakerSettings.Mode.ENFORCE
                ? breaker(endpoint).refusedUntil()
                : Optional.empty();
    }

    /** The fleet's calls of the last window in this state. */
    public Counts lastWindow(BreakerState.Closed closed) {
        return protocol.lastWindow(closed.window(), clock.instant());
    }

    /**
     * The fleet's calls since then, within the window, up to where all have been told; of an endpoint that is not closed,
     * those before it opened. Asks nobody.
     */
    public RecentCalls recentCalls(Endpoint endpoint, Instant from) {
        return breaker(endpoint).recentCalls(from);
    }

    /** Whether the endpoint takes nothing but the probes of a recovery, if those, as far as was heard. Asks nobody. */
    public boolean takesOnlyProbes(Endpoint endpoint) {
        return settings.mode() == BreakerSettings.Mode.ENFORCE
                && breaker(endpoint).takesOnlyProbes();
    }

    /** Whether a recovery is on its way in which a probe has succeeded, as far as was heard. Asks nobody. */
    public boolean anyProbeSucceeded(Endpoint endpoint) {
        return breaker(endpoint).anyProbeSucceeded();
    }

    /**
     * The share of calls of the last window that have not failed, as far as this worker knows, taking one more to succeed:
     * 1 for an endpoint without calls; empty for one that is not closed, where only probes are called, and 0 where all are
     * none the less, in shadow. Asks nobody.
     */
    public OptionalDouble successRate(Endpoint endpoint) {
        return breaker(endpoint)
                .callsNow()
                .map(counts -> OptionalDouble.of((counts.calls() - counts.failures() + 1.0) / (counts.calls() + 1.0)))
                .orElse(settings.mode() == BreakerSettings.Mode.SHADOW ? OptionalDouble.of(0) : OptionalDouble.empty());
    }

    /** Forces the endpoint's state, or gives it back to the rules. Returns what stands then. */
    public BreakerState override(Endpoint endpoint, StateOverride override) {
        return breaker(endpoint).override(override);
    }

    /** Opens the endpoint, if it is closed, because its region is unhealthy. */
    public void loseRegion(Endpoint endpoint, String detail) {
        breaker(endpoint).loseRegion(detail);
    }

    private EndpointBreaker breaker(Endpoint endpoint) {
        EndpointBreaker known = endpoints.get(endpoint);
        return known != null ? known : endpoints.computeIfAbsent(endpoint, this::newBreaker);
    }

    private EndpointBreaker newBreaker(Endpoint endpoint) {
        return new EndpointBreaker(
                endpoint, settings, protocol, timing, store, clock, random::nextDouble, this::permitId, listener);
    }

    private String permitId() {
        return "%016x".formatted(random.nextLong());
    }

    private void record(Notice notice) {
        switch (notice) {
            case Notice.Moved moved -> {
                LOG.info("{} {}", moved.endpoint(), moved.transition().describe());
                remember(moved.endpoint(), moved.transition());
            }
            case Notice.StoreLost(Endpoint endpoint, RuntimeException cause) ->
                LOG.warn("{} goes on with what it last heard: the breaker store fails", endpoint, cause);
            case Notice.StoreFound(Endpoint endpoint) -> LOG.info("{} reaches the breaker store again", endpoint);
            case Notice.CountsDropped(Endpoint endpoint, Counts counts) ->
                LOG.warn("{} may not have heard of {} calls, {} failed", endpoint, counts.calls(), counts.failures());
            case Notice.WouldRefuse(Endpoint endpoint, Admission.Refusal refusal) ->
                LOG.info("{} would refuse a call: {} until {}", endpoint, refusal.state(), refusal.retryAt());
            case Notice.StillOpen _ -> {}
        }
    }

    private void remember(Endpoint endpoint, Transition transition) {
        try {
            store.remember(endpoint.id(), transition);
        } catch (RuntimeException e) {
            LOG.warn("{} could not keep its transition {}: {}", endpoint, transition.epoch(), e.toString());
        }
    }
}
