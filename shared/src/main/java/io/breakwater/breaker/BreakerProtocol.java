package io.breakwater.breaker;

import io.breakwater.breaker.BreakerEvent.CallWanted;
import io.breakwater.breaker.BreakerEvent.CallsCounted;
import io.breakwater.breaker.BreakerEvent.EndpointLost;
import io.breakwater.breaker.BreakerEvent.Examined;
import io.breakwater.breaker.BreakerEvent.Overridden;
import io.breakwater.breaker.BreakerEvent.OwnCallFailed;
import io.breakwater.breaker.BreakerEvent.ProbeFailed;
import io.breakwater.breaker.BreakerEvent.ProbeIgnored;
import io.breakwater.breaker.BreakerEvent.ProbeSucceeded;
import io.breakwater.breaker.BreakerEvent.RegionLost;
import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.BreakerState.HalfOpen;
import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.breaker.BreakerState.Outage;
import io.breakwater.breaker.BreakerState.Pin;
import io.breakwater.breaker.BreakerState.Slot;
import io.breakwater.breaker.Decision.Verdict;
import io.breakwater.breaker.TripRule.Trip;
import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the breaker: what an event means in a state. Pure; no I/O, no clock, no randomness.
 *
 * <pre>
 *     CLOSED ──{@link TripRule}──► OPEN ──cooldown over──► HALF_OPEN(1) ─all ok─► (5) ─all ok─► (10) ─all ok─► CLOSED
 *                                   ▲                          └──────any failure──────┘
 * </pre>
 *
 * <p>Workers of a fleet run these rules side by side over one stored state. What keeps them right is that a decision is
 * only a proposal, a {@link Step} that names the epoch it was made in: whichever proposal a store takes first raises
 * the epoch and makes all others of the old epoch void. Their makers decide again on the state that won.
 */
public class BreakerProtocol {
    /** How far ahead of this clock another worker's bucket may be and still count. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

    /** Between probes of an endpoint whose daily quota is used up: it may be raised before midnight. */
    private static final Duration DAILY_QUOTA_RECHECK = Duration.ofMinutes(15);

    /** Between probes of an endpoint that is disabled until someone acts. */
    private static final Duration DISABLED_RECHECK = Duration.ofHours(6);

    /** How long a call takes, before any probe has shown it. */
    private static final Duration USUAL_CALL_TIME = Duration.ofSeconds(10);

    /** No caller is told to come back sooner. */
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

    /** How much jitter may add to a cooldown, as a share of it. */
    private static final double JITTER = 0.1;

    /** A worker reserves this share of what a ramp has left, so that others find some too. */
    private static final int RESERVED_SHARE = 16;

    private static final int MOST_RESERVED = 64;

    private final BreakerSettings settings;
    private final Window.Buckets buckets;
    private final TripRule rule;

    public BreakerProtocol(BreakerSettings settings) {
        this(settings, new TripRule(settings));
    }

    /** With a rule of one's own: for measurements. */
    BreakerProtocol(BreakerSettings settings, TripRule rule) {
        this.settings = settings;
        this.buckets = new Window.Buckets(settings.window());
        this.rule = rule;
    }

    /** What to do about the event in this state. */
    public Decision decide(BreakerState state, BreakerEvent event, Instant now) {
        return switch (event) {
            case CallWanted wanted -> onCallWanted(state, wanted, now);
            case CallsCounted counted -> onCallsCounted(state, counted, now);
            case OwnCallFailed failed -> onOwnCallFailed(state, failed, now);
            case EndpointLost lost -> onEndpointLost(state, lost, now);
            case ProbeSucceeded probe ->
                settle(state, probe.epoch(), probe.slot(), probe.permitId(), new Slot.Succeeded(probe.took()));
            case ProbeIgnored probe -> settle(state, probe.epoch(), probe.slot(), probe.permitId(), Slot.FREE);
            case ProbeFailed probe -> onProbeFailed(state, probe, now);
            case Examined examined -> onExamined(state, examined, now);
            case RegionLost lost -> onRegionLost(state, lost, now);
            case Overridden(StateOverride override) -> onOverridden(state, override, now);
        };
    }

    Window.Buckets buckets() {
        return buckets;
    }

    /** The calls of the last window. */
    Counts lastWindow(Window window, Instant now) {
        return window.between(buckets.first(now), buckets.at(now.plus(CLOCK_TOLERANCE)));
    }

    /** The fleet's calls from then until {@link TripRule#TELLING_TIME} before it was heard: none of those is missing. */
    RecentCalls recentCalls(Closed closed, Tally untold, Instant from, Instant heardAt) {
        Window window = closed.window().plus(untold);
        long last = buckets.at(heardAt.minus(TripRule.TELLING_TIME)) - 1;
        long first = Math.max(buckets.at(from), buckets.first(heardAt));
        if (!window.buckets().isEmpty()) {
            first = Math.max(first, window.buckets().firstKey());
        }
        return new RecentCalls(
                window.between(first, last),
                buckets.start(first),
                buckets.length().multipliedBy(Math.max(0, last - first + 1)),
                closed.since(),
                true);
    }

    /** Whether the state and what a worker has not told yet open the breaker together. */
    boolean wouldTrip(Closed closed, Tally untold, Instant now) {
        return !closed.isPinned(now)
                && rule.ofFleet(closed.window().plus(untold), now).isPresent();
    }

    /** What an observer is told of a move from one state to the next. */
    static Transition transition(BreakerState from, Step.MoveTo move) {
        BreakerState to = move.next();
        return new Transition(
                to.epoch(),
                to.since(),
                from.name(),
                to.name(),
                to instanceof HalfOpen halfOpen ? halfOpen.slots().size() : null,
                reason(from, to),
                to instanceof Open open ? open.detail() : null,
                move.calls().map(Counts::calls).orElse(null),
                move.calls().map(Counts::failures).orElse(null));
    }

    private static String reason(BreakerState from, BreakerState to) {
        return switch (to) {
            case Open open -> open.reason().name();
            case HalfOpen _ -> from instanceof HalfOpen ? "STAGE_SUCCEEDED" : "COOLDOWN_OVER";
            case Closed closed when closed.pinned().isPresent() -> OpenReason.OPERATOR.name();
            case Closed _ -> from instanceof HalfOpen ? "RECOVERED" : "OVERRIDE_LIFTED";
        };
    }

    private Decision onCallWanted(BreakerState state, CallWanted wanted, Instant now) {
        return switch (state) {
            case Closed closed
            when closed.isPaced(now) -> reserve(closed, closed.ramp().orElseThrow(), now);
            case Closed closed -> Decision.only(new Verdict.Admitted(closed.epoch(), 1));
            case Open open when now.isBefore(open.until()) -> Decision.only(new Verdict.Refused(open, open.until()));
            case Open open -> enter(open, stage(open, now), wanted);
            case HalfOpen halfOpen when halfOpen.isComplete() -> enter(halfOpen, afterStage(halfOpen, now), wanted);
            case HalfOpen halfOpen -> grant(halfOpen, wanted, now);
        };
    }

    private static Decision reserve(Closed closed, Ramp ramp, Instant now) {
        int limit = ramp.allowed(Duration.between(closed.since(), now));
        int left = limit - ramp.reserved();
        if (left <= 0) {
            return Decision.only(new Verdict.Refused(closed, now.plus(ramp.callTime())));
        }
        int calls = Math.clamp(left / RESERVED_SHARE, 1, MOST_RESERVED);
        return Decision.of(new Step.Reserve(closed.epoch(), calls, limit), new Verdict.Admitted(closed.epoch(), calls));
    }

    /** Moves on and lets the call that came along take the first place there. */
    private static Decision enter(BreakerState from, BreakerState next, CallWanted wanted) {
        return switch (next) {
            case HalfOpen stage -> {
                HalfOpen taken = stage.with(0, new Slot.Held(wanted.permitId(), wanted.leaseEnd()));
                yield Decision.of(
                        move(from, taken, Optional.empty()), new Verdict.Probing(taken.epoch(), 0, wanted.permitId()));
            }
            case Closed closed ->
                Decision.of(
                        move(
                                from,
                                closed.ramp()
                                        .map(ramp -> closed.with(ramp.plus(1)))
                                        .orElse(closed),
                                Optional.empty()),
                        new Verdict.Admitted(closed.epoch(), 1));
            case Open open -> throw new IllegalStateException("no call enters " + open);
        };
    }

    private static Decision grant(HalfOpen halfOpen, CallWanted wanted, Instant now) {
        Instant next = halfOpen.nextBegins(wanted.spacing(), now);
        if (now.isBefore(next)) {
            return Decision.only(new Verdict.Refused(halfOpen, next));
        }
        for (int slot = 0; slot < halfOpen.slots().size(); slot++) {
            if (halfOpen.isGrantable(slot, now)) {
                Slot.Held grant = new Slot.Held(wanted.permitId(), wanted.leaseEnd());
                return Decision.of(
                        new Step.GrantSlot(halfOpen.epoch(), slot, grant, now),
                        new Verdict.Probing(halfOpen.epoch(), slot, wanted.permitId()));
            }
        }
        Duration wait = longer(halfOpen.observedCallTime(), SHORTEST_WAIT);
        return Decision.only(new Verdict.Refused(halfOpen, now.plus(wait)));
    }

    private Decision onCallsCounted(BreakerState state, CallsCounted counted, Instant now) {
        if (!(state instanceof Closed closed) || closed.epoch() != counted.epoch()) {
            return Decision.nothing();
        }
        long first = buckets.firstAddedTo(now);
        long last = buckets.at(now.plus(CLOCK_TOLERANCE));
        Tally tally = counted.tally().only(bucket -> bucket >= first && bucket <= last);
        return tally.isEmpty()
                ? Decision.nothing()
                : Decision.of(new Step.Count(
                        closed.epoch(), tally, buckets.expired(closed.window().buckets(), now)));
    }

    private Decision onOwnCallFailed(BreakerState state, OwnCallFailed failed, Instant now) {
        if (!(state instanceof Closed closed) || closed.epoch() != failed.epoch() || closed.isPinned(now)) {
            return Decision.nothing();
        }
        Optional<Trip> trip = failed.alone() ? rule.ofWorkerAlone(failed.own(), now) : rule.ofSample(failed.own(), now);
        return trip.map(found ->
                        trip(closed, found, failed.own().lastFailure(), failed.retryAfter(), failed.jitter(), now))
                .orElse(Decision.nothing());
    }

    private Decision onEndpointLost(BreakerState state, EndpointLost lost, Instant now) {
        if (!(state instanceof Closed closed) || closed.epoch() != lost.epoch() || closed.isPinned(now)) {
            return Decision.nothing();
        }
        OpenReason reason = OpenReason.forFailure(lost.kind(), OpenReason.CONSECUTIVE_FAILURES);
        Outage outage = new Outage(now, Optional.of(lost.kind()), 0);
        return Decision.of(open(closed, now, wait(reason, now, 0, null, 0), reason, lost.detail(), outage));
    }

    private Decision onRegionLost(BreakerState state, RegionLost lost, Instant now) {
        if (!(state instanceof Closed closed) || closed.isPinned(now)) {
            return Decision.nothing();
        }
        Instant until = now.plus(cooldown(0, null, lost.jitter()));
        Outage outage = new Outage(now, Optional.empty(), 0);
        return Decision.of(open(closed, now, until, OpenReason.REGION, lost.detail(), outage));
    }

    private static Decision settle(BreakerState state, long epoch, int slot, String permitId, Slot content) {
        return holdsSlot(state, epoch, slot, permitId)
                ? Decision.of(new Step.SettleSlot(epoch, slot, permitId, content))
                : Decision.nothing();
    }

    private Decision onProbeFailed(BreakerState state, ProbeFailed probe, Instant now) {
        if (!(state instanceof HalfOpen halfOpen) || !holdsSlot(state, probe.epoch(), probe.slot(), probe.permitId())) {
            return Decision.nothing();
        }
        OpenReason reason = OpenReason.forFailure(probe.kind(), OpenReason.PROBE_FAILED);
        Outage outage = halfOpen.outage().plusFailedRecovery();
        Instant until = wait(reason, now, outage.failedRecoveries(), probe.retryAfter(), probe.jitter());
        return Decision.of(open(halfOpen, now, until, reason, probe.detail(), outage));
    }

    private static boolean holdsSlot(BreakerState state, long epoch, int slot, String permitId) {
        return state instanceof HalfOpen halfOpen && halfOpen.epoch() == epoch && halfOpen.isHeldBy(slot, permitId);
    }

    private Decision onExamined(BreakerState state, Examined examined, Instant now) {
        return switch (state) {
            case Closed closed
            when !closed.isPinned(now) ->
                rule.ofFleet(closed.window(), now)
                        .map(trip -> trip(
                                closed,
                                trip,
                                closed.window().lastFailure(),
                                examined.retryAfter(),
                                examined.jitter(),
                                now))
                        .orElse(Decision.nothing());
            case HalfOpen halfOpen
            when halfOpen.isComplete() -> Decision.of(move(halfOpen, afterStage(halfOpen, now), Optional.empty()));
            default -> Decision.nothing();
        };
    }

    private Decision trip(
            Closed closed,
            Trip trip,
            Optional<FailureKind> kind,
            @Nullable Duration retryAfter,
            double jitter,
            Instant now) {
        String detail = trip.calls().failures() + " of " + trip.calls().calls() + " calls failed"
                + kind.map(last -> ", the last " + last).orElse("");
        Instant until = now.plus(cooldown(0, retryAfter, jitter));
        Open open = new Open(closed.epoch() + 1, now, until, trip.reason(), detail, new Outage(now, kind, 0));
        return Decision.of(move(closed, open, Optional.of(trip.calls())));
    }

    private static Decision onOverridden(BreakerState state, StateOverride override, Instant now) {
        long epoch = state.epoch() + 1;
        return switch (override) {
            case StateOverride.ForceOpen(String reason, Instant until) ->
                Decision.of(open(state, now, until, OpenReason.OPERATOR, reason, new Outage(now, Optional.empty(), 0)));
            case StateOverride.ForceClosed(String reason, Instant until) ->
                Decision.of(move(
                        state,
                        new Closed(epoch, now, Window.EMPTY, Optional.of(new Pin(reason, until)), Optional.empty()),
                        Optional.empty()));
            case StateOverride.Lift() ->
                switch (state) {
                    case Open open
                    when open.reason() == OpenReason.OPERATOR ->
                        Decision.of(open(state, now, now, open.reason(), open.detail(), open.outage()));
                    case Closed closed
                    when closed.pinned().isPresent() ->
                        Decision.of(move(
                                closed,
                                new Closed(epoch, closed.since(), closed.window(), Optional.empty(), closed.ramp()),
                                Optional.empty()));
                    default -> Decision.nothing();
                };
        };
    }

    private static Step.MoveTo move(BreakerState from, BreakerState next, Optional<Counts> calls) {
        return new Step.MoveTo(from.epoch(), next, calls);
    }

    private static Step.MoveTo open(
            BreakerState from, Instant now, Instant until, OpenReason reason, String detail, Outage outage) {
        return move(from, new Open(from.epoch() + 1, now, until, reason, detail, outage), Optional.empty());
    }

    private BreakerState afterStage(HalfOpen halfOpen, Instant now) {
        int next = halfOpen.stage() + 1;
        Duration callTime = halfOpen.observedCallTime();
        return next < settings.halfOpenStages().size()
                ? stage(halfOpen.epoch() + 1, next, now, halfOpen.reason(), callTime, halfOpen.outage())
                : new Closed(
                        halfOpen.epoch() + 1,
                        now,
                        probesAsWindow(now),
                        Optional.empty(),
                        Optional.of(Ramp.forCallsOf(callTime)));
    }

    private HalfOpen stage(Open open, Instant now) {
        return stage(open.epoch() + 1, 0, now, open.reason(), USUAL_CALL_TIME, open.outage());
    }

    private HalfOpen stage(long epoch, int stage, Instant now, OpenReason reason, Duration callTime, Outage outage) {
        List<Slot> free = Collections.nCopies(settings.halfOpenStages().get(stage), Slot.FREE);
        return new HalfOpen(epoch, now, stage, free, reason, callTime, outage);
    }

    /** The probes that closed it are the first calls of its new window. */
    private Window probesAsWindow(Instant now) {
        int probes =
                settings.halfOpenStages().stream().mapToInt(Integer::intValue).sum();
        NavigableMap<Long, Counts> seed = new TreeMap<>();
        seed.put(buckets.at(now), new Counts(probes, 0));
        return new Window(seed, 0, Optional.empty());
    }

    private Instant wait(
            OpenReason reason, Instant now, int failedRecoveries, @Nullable Duration retryAfter, double jitter) {
        return switch (reason) {
            case DAILY_QUOTA -> earlier(now.plus(DAILY_QUOTA_RECHECK), nextMidnightUtc(now));
            case ACCESS_DENIED, END_OF_LIFE -> now.plus(DISABLED_RECHECK);
            default -> now.plus(cooldown(failedRecoveries, retryAfter, jitter));
        };
    }

    /** Doubles with each failed recovery; Retry-After lengthens it; neither goes beyond the maximum. */
    private Duration cooldown(int failedRecoveries, @Nullable Duration retryAfter, double jitter) {
        double seconds = settings.cooldown().toSeconds() * Math.pow(2, failedRecoveries) * (1 + JITTER * jitter);
        double asked = retryAfter == null ? 0 : retryAfter.toMillis() / 1000.0;
        double capped = Math.clamp(
                Math.max(seconds, asked), 0, settings.maximumCooldown().toMillis() / 1000.0);
        return Duration.ofMillis(Math.round(capped * 1000));
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? b : a;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Instant nextMidnightUtc(Instant now) {
        return now.atOffset(ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.DAYS)
                .plusDays(1)
                .toInstant();
    }

    /** Whether one failure of this kind is enough to open the breaker. */
    static boolean isDecisive(FailureKind kind) {
        return OpenReason.forFailure(kind, OpenReason.FAILURE_RATE) != OpenReason.FAILURE_RATE;
    }
}
