package io.breakwater.pacing;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What a worker may still use: a token bucket that fills at its share of the pace. It begins with what comes in two
 * seconds, and a random part of a call at least: workers that begin together are not to call together.
 */
final class Level {
    /** It holds as much as comes in this time, or {@link #CALLS}. */
    private static final Duration DEPTH = Duration.ofSeconds(2);

    /** With room for one alone, what comes while that waits for its job is lost: where workers are many, a fifth. */
    private static final int CALLS = 2;

    private final RandomGenerator random;
    private double level;
    private Instant filledAt = Instant.MIN;

    Level(RandomGenerator random) {
        this.random = random;
    }

    /** When there is room, or empty when there is now. A call that is larger than the bucket waits for a full one. */
    Optional<Instant> wait(double cost, double perMilli, Instant now) {
        double depth = Math.max(CALLS * cost, perMilli * DEPTH.toMillis());
        if (filledAt.equals(Instant.MIN)) {
            level = Math.max(perMilli * DEPTH.toMillis(), cost * random.nextDouble());
            filledAt = now;
        } else if (filledAt.isBefore(now)) {
            level = Math.min(
                    depth, level + perMilli * Duration.between(filledAt, now).toMillis());
            filledAt = now;
        }
        return level >= cost
                ? Optional.empty()
                : Optional.of(now.plusMillis((long) Math.ceil((cost - level) / perMilli)));
    }

    void restart() {
        filledAt = Instant.MIN;
    }

    void add(double amount) {
        level += amount;
    }
}
