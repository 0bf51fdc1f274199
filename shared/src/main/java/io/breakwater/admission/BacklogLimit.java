package io.breakwater.admission;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long jobs may wait for a worker before new ones are refused.
 *
 * <p>A queue says how many messages it has, and that late; how old they are is known to those who take them. So workers
 * report it, while it is worth telling, and a report is trusted for a short time only: when workers are silent, idle or
 * dead, nothing is refused.
 */
public record BacklogLimit(Duration maximum) {
    /** What has waited more than this part of the maximum is worth telling. */
    private static final int WORTH_TELLING = 4;

    /** A fleet whose queue has just run empty is idle for no longer than a report is trusted. */
    private static final Duration SHORTEST_TRUST = Duration.ofSeconds(10);

    private static final Duration LONGEST_TRUST = Duration.ofMinutes(1);
    private static final Duration SOONEST_RETRY = Duration.ofSeconds(1);

    public BacklogLimit {
        if (!maximum.isPositive()) {
            throw new IllegalArgumentException("the maximum must be positive, was " + maximum);
        }
    }

    /** Whether new jobs are refused by this report, and until when that can be said. */
    public Optional<Refusal.BacklogTooOld> decide(BacklogReport report, Instant now) {
        Duration left = Duration.between(now, report.until());
        boolean isTrusted = left.isPositive() && left.compareTo(trust().multipliedBy(2)) <= 0;
        return isTrusted && isExceededBy(report.waited())
                ? Optional.of(new Refusal.BacklogTooOld(report.waited(), maximum, clamp(left, SOONEST_RETRY, trust())))
                : Optional.empty();
    }

    boolean isExceededBy(Duration waited) {
        return waited.compareTo(maximum) > 0;
    }

    boolean isWorthTelling(Duration waited) {
        return waited.multipliedBy(WORTH_TELLING).compareTo(maximum) > 0;
    }

    /** How long a report is trusted: a quarter of the maximum, but 10 s at least and 60 s at most. */
    Duration trust() {
        return clamp(maximum.dividedBy(WORTH_TELLING), SHORTEST_TRUST, LONGEST_TRUST);
    }

    private static Duration clamp(Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0) {
            return least;
        }
        return value.compareTo(most) > 0 ? most : value;
    }
}
