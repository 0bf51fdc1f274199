package io.breakwater.breaker;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * When a breaker opens and how it lets traffic back.
 *
 * @param failureRateThreshold share of failed calls in the window at which it opens, above 0 and up to 1
 * @param window how far back calls count, at least 6 s
 * @param minimumCalls calls in the window below which the rate says nothing, at least 1
 * @param consecutiveFailures failures of the fleet with no success between that open it whatever the rate, at least 1
 * @param cooldown wait before the first probe
 * @param maximumCooldown what the doubling of the cooldown stops at
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
