package io.breakwater.breaker;

import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * When a breaker opens and how it lets traffic back.
 *
 * @param failureRateThreshold share of failed calls in the window at which it opens, above 0 and up to 1
 * @param window how far back calls count, at least 6 s
 * @param minimumCalls calls in the window below which the rate says nothing, at least 1
 * @param consecutiveFailures failures of the fleet with no success between that open it whatever the rate, at least 1
 * @param cooldown wait before the first probe
 * @param maximumCooldown what the doubling of the cooldown stops at
 * @param rateConfidence how sure the calls must make it that the endpoint's rate is above the threshold, from 0, at which
 *     the rate alone decides, to below 1: fewer false trips where calls are few, for a later opening
 * @param slowCall a call that takes as long as this counts as failed, however it ends; empty for none
 * @param halfOpenStages probes of each stage, each at least 1; all of a stage must succeed before the next
 */
public record BreakerSettings(
        double failureRateThreshold,
        Duration window,
        int minimumCalls,
        int consecutiveFailures,
        Duration cooldown,
        Duration maximumCooldown,
        List<Integer> halfOpenStages,
        double rateConfidence,
        Optional<Duration> slowCall,
        Mode mode) {

    /** 30 % of a minute's calls, at least 10 of them, or 5 failures in a row; 60 s; 1, 5, 10. */
    public static final BreakerSettings DEFAULTS = new BreakerSettings(
            0.3,
            Duration.ofMinutes(1),
            10,
            5,
            Duration.ofMinutes(1),
            Duration.ofMinutes(15),
            List.of(1, 5, 10),
            0,
            Optional.empty(),
            Mode.ENFORCE);

    /**
     * Checks every range.
     *
     * @throws IllegalArgumentException naming the value that is out of its range
     */
    public BreakerSettings {
        Objects.requireNonNull(mode);
        halfOpenStages = List.copyOf(halfOpenStages);
        require(
                failureRateThreshold > 0 && failureRateThreshold <= 1,
                "failureRateThreshold must be above 0 and at most 1, was " + failureRateThreshold);
        require(window.compareTo(Duration.ofSeconds(6)) >= 0, "window must be at least 6 s, was " + window);
        require(
                rateConfidence >= 0 && rateConfidence < 1,
                "rateConfidence must be at least 0 and below 1, was " + rateConfidence);
        require(
                slowCall.filter(limit -> !limit.isPositive()).isEmpty(),
                "slowCall must be positive, was " + slowCall.orElse(Duration.ZERO));
        require(minimumCalls >= 1, "minimumCalls must be at least 1, was " + minimumCalls);
        require(consecutiveFailures >= 1, "consecutiveFailures must be at least 1, was " + consecutiveFailures);
        require(cooldown.isPositive(), "cooldown must be positive, was " + cooldown);
        require(
                maximumCooldown.compareTo(cooldown) >= 0,
                "maximumCooldown must be at least the cooldown, was " + maximumCooldown);
        require(
                !halfOpenStages.isEmpty() && halfOpenStages.stream().allMatch(probes -> probes >= 1),
                "halfOpenStages must name at least one stage of at least 1 probe, was " + halfOpenStages);
    }

    /** The outcome as these settings see it: an answer that took too long is a failure. */
    Outcome judged(Outcome outcome, Supplier<Duration> took) {
        if (slowCall.isEmpty() || !(outcome instanceof Outcome.Success)) {
            return outcome;
        }
        Duration limit = slowCall.get();
        Duration time = took.get();
        return time.compareTo(limit) < 0
                ? outcome
                : new Outcome.Failure(
                        FailureKind.TIMEOUT,
                        "took " + time.toMillis() + " ms; " + limit.toMillis() + " ms counts as slow",
                        null);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Whether the breaker stands in the way. */
    public enum Mode {
        /** Refuses calls while open. */
        ENFORCE,
        /** Counts and logs what it would refuse, refuses nothing. */
        SHADOW,
        /** Neither counts nor refuses. */
        OFF
    }
}
