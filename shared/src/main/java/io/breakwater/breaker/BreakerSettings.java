package io.breakwater.breaker;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * When a breaker opens, for how long, and how it recovers.
 *
 * @param failureRateThreshold share of failed calls at which it opens, above 0 and at most 1
 * @param window over which the fleet's calls are counted
 * @param minimumCalls calls in the window below which the rate says nothing
 * @param consecutiveFailures failures in a row, with no success between, that open it whatever the rate
 * @param cooldown how long it stays open the first time
 * @param maximumCooldown what the cooldown grows to at most as recoveries fail
 * @param halfOpenStages probes allowed in each stage of recovery, all of which must succeed
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
    public static final BreakerSettings DEFAULTS = new BreakerSettings(
            0.3,
            Duration.ofMinutes(1),
            10,
            5,
            Duration.ofMinutes(1),
            Duration.ofMinutes(15),
            List.of(1, 5, 10),
            Mode.ENFORCE);

    public BreakerSettings {
        Objects.requireNonNull(mode);
        halfOpenStages = List.copyOf(halfOpenStages);
        require(
                failureRateThreshold > 0 && failureRateThreshold <= 1,
                "failureRateThreshold must be above 0, at most 1");
        require(window.isPositive(), "window must be positive");
        require(minimumCalls >= 1, "minimumCalls must be at least 1");
        require(consecutiveFailures >= 1, "consecutiveFailures must be at least 1");
        require(cooldown.isPositive(), "cooldown must be positive");
        require(maximumCooldown.compareTo(cooldown) >= 0, "maximumCooldown must be at least the cooldown");
        require(!halfOpenStages.isEmpty(), "halfOpenStages must not be empty");
        require(halfOpenStages.stream().allMatch(probes -> probes >= 1), "halfOpenStages must each be at least 1");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    /** What a breaker does with what it decides. */
    public enum Mode {
        /** Refuses calls. */
        ENFORCE,
        /** Counts, and says what it would do; refuses nothing. */
        SHADOW,
        /** Neither counts nor refuses. */
        OFF
    }
}
