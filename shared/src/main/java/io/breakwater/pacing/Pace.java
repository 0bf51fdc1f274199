package io.breakwater.pacing;

import java.time.Duration;
import java.time.Instant;

/**
 * How fast the fleet goes at an endpoint.
 *
 * @param perMinute above 0
 * @param changedAt when it was last moved
 * @param cutAt when it was last cut
 * @param cuts how often it was cut since it last grew; a first cut is a guess from what little was seen then
 */
public record Pace(double perMinute, Instant changedAt, Instant cutAt, int cuts) {
    public Pace {
        if (!(perMinute > 0)) {
            throw new IllegalArgumentException("a pace must be above 0, was " + perMinute);
        }
    }

    Duration sinceCut(Instant now) {
        return Duration.between(cutAt, now);
    }

    Duration sinceChange(Instant now) {
        return Duration.between(changedAt, now);
    }
}
