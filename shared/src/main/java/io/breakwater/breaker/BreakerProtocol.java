package io.breakwater.breaker;

import io.breakwater.breaker.BreakerEvent.CallWanted;
import io.breakwater.breaker.BreakerEvent.CallsEnded;
import io.breakwater.breaker.BreakerEvent.EndpointLost;
import io.breakwater.breaker.BreakerEvent.Examined;
import io.breakwater.breaker.BreakerEvent.Overridden;
import io.breakwater.breaker.BreakerEvent.ProbeFailed;
import io.breakwater.breaker.BreakerEvent.ProbeIgnored;
import io.breakwater.breaker.BreakerEvent.ProbeSucceeded;
import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.BreakerState.HalfOpen;
import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.breaker.BreakerState.Pin;
import io.breakwater.breaker.BreakerState.Slot;
import io.breakwater.breaker.Decision.Verdict;
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
 *     CLOSED ──rate ≥ threshold──► OPEN ──cooldown over──► HALF_OPEN(1) ─all ok─► (5) ─all ok─► (10) ─all ok─► CLOSED
 *                                   ▲                          └──────any failure──────┘
 * </pre>
 *
 * <p>Workers of a fleet run these rules side by side over one stored state. What keeps them right is that a decision is
 * only a proposal, a {@link Step} that names the epoch it was made in: whichever proposal a store takes first raises
 * the epoch and makes all others of the old epoch void. Their makers decide again on the state that won.
 */
public final class BreakerProtocol {
    /** How far ahead of this clock another worker's bucket may be and still count. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

    /** Between probes of an endpoint whose daily quota is used up: it may be raised before midnight. */
    private static final Duration DAILY_QUOTA_RECHECK = Duration.ofMinutes(15);

    /** Between probes of an endpoint that is disabled until someone acts. */
    private static final Duration DISABLED_RECHECK = Duration.ofHours(6);

    /** When to ask again while all of a stage's slots are taken: about one call. */
    private static final Duration HALF_OPEN_RETRY = Duration.ofSeconds(10);

    /** How much jitter may add to a cooldown, as a share of it. */
    private static final double JITTER = 0.1;

    private final BreakerSettings settings;
    private final Window.Buckets buckets;

    public BreakerProtocol(BreakerSettings settings) {
        this.settings = settings;
        this.buckets = new Window.Buckets(settings.window());
    }

    /** What to do about the event in this state. */
    public Decision decide(BreakerState state, BreakerEvent event, Instant now) {
        return switch (event) {
            case CallWanted wanted -> onCallWanted(state, wanted, now);
            case CallsEnded ended -> onCallsEnded(state, ended, now);
            case EndpointLost lost -> onEndpointLost(state, lost, now);
            case ProbeSucceeded probe -> settle(state, probe.epoch(), probe.slot(), probe.permitId(), true);
            case ProbeIgnored probe -> settle(state, probe.epoch(), probe.slot(), probe.permitId(), false);
            case ProbeFailed probe -> onProbeFailed(state, probe, now);
            case Examined examined -> onExamined(state, examined, now);
            case Overridden(StateOverride override) -> onOverridden(state, override, now);
        };
    }

    /** The bucket that a call which ended at this time counts in. */
    long bucketAt(Instant time) {
        return buckets.at(time);
    }

    /** The calls that the rate is judged on. */
    Counts judged(Window window, Instant now) {
        return window.since(buckets.first(now));
    }

    /** Why this window opens the breaker, or empty when it does not. */
    Optional<OpenReason> tripReason(Window window, Instant now) {
        Counts counts = judged(window, now);
        if (counts.calls() >= settings.minimumCalls() && counts.failureRate() >= settings.failureRateThreshold()) {
            return Optional.of(OpenReason.FAILURE_RATE);
        }
        if (window.failuresInARow() >= settings.consecutiveFailures()) {
            return Optional.of(OpenReason.CONSECUTIVE_FAILURES);
        }
        return Optional.empty();
    }

    /** What an observer is told of a move from one state to the next. */
    Transition transition(BreakerState from, BreakerState to, Instant now) {
        Optional<Counts> counts =
                from instanceof Closed closed ? Optional.of(judged(closed.window(), now)) : Optional.empty();
        return new Transition(
                to.epoch(),
                to.since(),
                from.name(),
                to.name(),
                to instanceof HalfOpen halfOpen ? halfOpen.slots().size() : null,
                reason(from, to),
                to instanceof Open open ? open.detail() : null,
                counts.map(Counts::calls).orElse(null),
                counts.map(Counts::failures).orElse(null));
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
            case Closed closed -> Decision.only(new Verdict.Admitted(closed.epoch()));
            case Open open when now.isBefore(open.until()) -> Decision.only(new Verdict.Refused(open, open.until()));
            case Open open -> enter(open, stage(open, 0, now), wanted);
            case HalfOpen halfOpen when halfOpen.isComplete() -> enter(halfOpen, afterStage(halfOpen, now), wanted);
            case HalfOpen halfOpen -> grant(halfOpen, wanted, now);
        };
    }

    /** Moves on and lets the call that came along take the first place there. */
    private static Decision enter(BreakerState from, BreakerState next, CallWanted wanted) {
        return switch (next) {
            case HalfOpen stage -> {
                HalfOpen taken = stage.with(0, new Slot.Held(wanted.permitId(), wanted.leaseEnd()));
                yield Decision.of(
                        new Step.MoveTo(from.epoch(), taken), new Verdict.Probing(taken.epoch(), 0, wanted.permitId()));
            }
            case Closed closed ->
                Decision.of(new Step.MoveTo(from.epoch(), closed), new Verdict.Admitted(closed.epoch()));
            case Open open -> throw new IllegalStateException("no call enters " + open);
        };
    }

    private static Decision grant(HalfOpen halfOpen, CallWanted wanted, Instant now) {
        for (int slot = 0; slot < halfOpen.slots().size(); slot++) {
            if (halfOpen.isGrantable(slot, now)) {
                Slot.Held grant = new Slot.Held(wanted.permitId(), wanted.leaseEnd());
                return Decision.of(
                        new Step.GrantSlot(halfOpen.epoch(), slot, grant, now),
                        new Verdict.Probing(halfOpen.epoch(), slot, wanted.permitId()));
            }
        }
        return Decision.only(new Verdict.Refused(halfOpen, now.plus(HALF_OPEN_RETRY)));
    }

    private Decision onCallsEnded(BreakerState state, CallsEnded ended, Instant now) {
        if (!(state instanceof Closed closed) || closed.epoch() != ended.epoch()) {
            return Decision.nothing();
        }
        long first = buckets.first(now);
        long last = buckets.at(now.plus(CLOCK_TOLERANCE));
        Tally counted = ended.tally().only(bucket -> bucket >= first && bucket <= last);
        return counted.isEmpty()
                ? Decision.nothing()
                : Decision.of(new Step.Count(
                        closed.epoch(), counted, buckets.expired(closed.window().buckets(), now)));
    }

    private Decision onEndpointLost(BreakerState state, EndpointLost lost, Instant now) {
        if (!(state instanceof Closed closed) || closed.epoch() != lost.epoch() || closed.isPinned(now)) {
            return Decision.nothing();
        }
        OpenReason reason = OpenReason.forFailure(lost.kind(), OpenReason.CONSECUTIVE_FAILURES);
        return move(closed, open(closed, now, wait(reason, now, 0, null, 0), reason, lost.detail(), 0));
    }

    private static Decision settle(BreakerState state, long epoch, int slot, String permitId, boolean succeeded) {
        return holdsSlot(state, epoch, slot, permitId)
                ? Decision.of(new Step.SettleSlot(epoch, slot, permitId, succeeded))
                : Decision.nothing();
    }

    private Decision onProbeFailed(BreakerState state, ProbeFailed probe, Instant now) {
        if (!(state instanceof HalfOpen halfOpen) || !holdsSlot(state, probe.epoch(), probe.slot(), probe.permitId())) {
            return Decision.nothing();
        }
        OpenReason reason = OpenReason.forFailure(probe.kind(), OpenReason.PROBE_FAILED);
        int failedRecoveries = halfOpen.failedRecoveries() + 1;
        Instant until = wait(reason, now, failedRecoveries, probe.retryAfter(), probe.jitter());
        return move(halfOpen, open(halfOpen, now, until, reason, probe.detail(), failedRecoveries));
    }

    private static boolean holdsSlot(BreakerState state, long epoch, int slot, String permitId) {
        return state instanceof HalfOpen halfOpen
                && halfOpen.epoch() == epoch
                && halfOpen.slots().get(slot) instanceof Slot.Held held
                && held.permitId().equals(permitId);
    }

    private Decision onExamined(BreakerState state, Examined examined, Instant now) {
        return switch (state) {
            case Closed closed
            when !closed.isPinned(now) ->
                tripReason(closed.window(), now)
                        .map(reason -> {
                            Instant until = wait(reason, now, 0, examined.retryAfter(), examined.jitter());
                            return move(closed, open(closed, now, until, reason, describe(closed, now), 0));
                        })
                        .orElse(Decision.nothing());
            case HalfOpen halfOpen when halfOpen.isComplete() -> move(halfOpen, afterStage(halfOpen, now));
            default -> Decision.nothing();
        };
    }

    private String describe(Closed closed, Instant now) {
        Counts counts = judged(closed.window(), now);
        return counts.failures() + " of " + counts.calls() + " calls failed, "
                + closed.window().failuresInARow() + " in a row";
    }

    private static Decision onOverridden(BreakerState state, StateOverride override, Instant now) {
        long epoch = state.epoch() + 1;
        return switch (override) {
            case StateOverride.ForceOpen(String reason, Instant until) ->
                move(state, new Open(epoch, now, until, OpenReason.OPERATOR, reason, 0));
            case StateOverride.ForceClosed(String reason, Instant until) ->
                move(state, new Closed(epoch, now, Window.EMPTY, Optional.of(new Pin(reason, until))));
            case StateOverride.Lift() ->
                switch (state) {
                    case Open open
                    when open.reason() == OpenReason.OPERATOR ->
                        move(open, new Open(epoch, now, now, open.reason(), open.detail(), open.failedRecoveries()));
                    case Closed closed
                    when closed.pinned().isPresent() ->
                        move(closed, new Closed(epoch, closed.since(), closed.window(), Optional.empty()));
                    default -> Decision.nothing();
                };
        };
    }

    private static Decision move(BreakerState from, BreakerState next) {
        return Decision.of(new Step.MoveTo(from.epoch(), next));
    }

    private static Open open(
            BreakerState from, Instant now, Instant until, OpenReason reason, String detail, int failedRecoveries) {
        return new Open(from.epoch() + 1, now, until, reason, detail, failedRecoveries);
    }

    private BreakerState afterStage(HalfOpen halfOpen, Instant now) {
        int next = halfOpen.stage() + 1;
        return next < settings.halfOpenStages().size()
                ? stage(halfOpen, next, now)
                : new Closed(halfOpen.epoch() + 1, now, probesAsWindow(now), Optional.empty());
    }

    private HalfOpen stage(Open open, int stage, Instant now) {
        return stage(open.epoch() + 1, stage, now, open.reason(), open.failedRecoveries());
    }

    private HalfOpen stage(HalfOpen before, int stage, Instant now) {
        return stage(before.epoch() + 1, stage, now, before.reason(), before.failedRecoveries());
    }

    private HalfOpen stage(long epoch, int stage, Instant now, OpenReason reason, int failedRecoveries) {
        List<Slot> free = Collections.nCopies(settings.halfOpenStages().get(stage), Slot.FREE);
        return new HalfOpen(epoch, now, stage, free, reason, failedRecoveries);
    }

    /** The probes that closed it are the first calls of its new window. */
    private Window probesAsWindow(Instant now) {
        int probes =
                settings.halfOpenStages().stream().mapToInt(Integer::intValue).sum();
        NavigableMap<Long, Counts> seed = new TreeMap<>();
        seed.put(buckets.at(now), new Counts(probes, 0));
        return new Window(seed, 0);
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
