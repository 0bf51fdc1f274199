package io.breakwater.pacing;

import io.breakwater.breaker.RecentCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * What keeps the fleet to a pace at one endpoint now: what throttles taught it, until that is over, and the quota that it was
 * told of, from when it comes near. Pure; the same for the workers that keep to it and for those who look on.
 */
public final class PaceInForce {
    /** A pace that leaves so much more room than is used, for so long, is none; while probes alone are let through it is kept. */
    private static final Duration OVER_AFTER = Duration.ofMinutes(10);

    private static final double MUCH_ROOM = 1.5;

    /** At this share of a known quota the fleet begins to keep to it. */
    private static final double NEAR_QUOTA = 0.5;

    private final PaceState state;
    private final Quota quota;
    private final RecentCalls recent;
    private final Function<Measure, OptionalDouble> perCall;
    private final Instant now;

    /**
     * A pace as it is now.
     *
     * @param recent the calls of the last window
     * @param perCall what a call comes to; empty where that is not known: then nothing is over, and no quota near
     */
    PaceInForce(
            PaceState state, Quota quota, RecentCalls recent, Function<Measure, OptionalDouble> perCall, Instant now) {
        this.state = state;
        this.quota = quota;
        this.recent = recent;
        this.perCall = perCall;
        this.now = now;
    }

    /** Whether the fleet keeps to it. */
    boolean isPaced() {
        return Stream.of(Measure.values()).anyMatch(measure -> learnt(measure).isPresent() || isNearQuota(measure));
    }

    /** What was learnt, within the quota; empty when nothing limits it. */
    public OptionalDouble perMinute(Measure measure) {
        return DoubleStream.concat(learnt(measure).stream().mapToDouble(Pace::perMinute), quota.of(measure).stream())
                .min();
    }

    boolean isLimited() {
        return Stream.of(Measure.values())
                .anyMatch(measure -> perMinute(measure).isPresent());
    }

    /** When throttles last cut it; empty while the quota alone limits it. */
    public Optional<Instant> cutAt() {
        return Stream.of(Measure.values())
                .flatMap(measure -> learnt(measure).stream())
                .map(Pace::cutAt)
                .max(Comparator.naturalOrder());
    }

    /** Calls that the fleet wants to make, let through or not, by what every worker has told. */
    public double demandPerMinute() {
        return PaceState.lastDemand(state.buckets(), now) * 60_000.0 / PaceState.DEMAND_WINDOW.toMillis();
    }

    private Optional<Pace> learnt(Measure measure) {
        return state.pace(measure).filter(pace -> !isOver(pace, measure));
    }

    private boolean isOver(Pace pace, Measure measure) {
        return pace.sinceCut(now).compareTo(OVER_AFTER) > 0
                && recent.isClosed()
                && recent.closedSince().isBefore(now.minus(OVER_AFTER))
                && recent.span().compareTo(PaceRule.MOST_OF_A_MINUTE) >= 0
                && takenPerMinute(measure).stream().anyMatch(taken -> pace.perMinute() > MUCH_ROOM * taken);
    }

    private boolean isNearQuota(Measure measure) {
        return quota.of(measure).stream()
                .anyMatch(limit -> takenPerMinute(measure).stream().anyMatch(taken -> taken >= NEAR_QUOTA * limit));
    }

    private OptionalDouble takenPerMinute(Measure measure) {
        return perCall.apply(measure).stream()
                .map(cost -> cost * recent.succeedingPerMinute())
                .findAny();
    }
}
