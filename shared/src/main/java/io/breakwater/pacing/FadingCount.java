package io.breakwater.pacing;

import java.time.Duration;
import java.time.Instant;

/** Counts events, each worth less the longer it is past: about those of the last five seconds. */
final class FadingCount {
    private static final double TIME_CONSTANT = Duration.ofSeconds(5).toMillis();

    private double value;
    private Instant at = Instant.EPOCH;

    void add(Instant now) {
        value = value(now) + 1;
        at = now;
    }

    double value(Instant now) {
        return value * Math.exp(-Math.max(0, Duration.between(at, now).toMillis()) / TIME_CONSTANT);
    }
}
