package io.breakwater.overload;

import io.breakwater.job.JobRequest;
import io.breakwater.model.Endpoint;
import io.breakwater.routing.Chain;
import io.breakwater.routing.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A day from noon to noon, whose jobs arrive at any time of it.
 *
 * @param jobs how many
 * @param tiers of the chain: the primary alone, or another model's below it
 * @param deadline the jobs'
 * @param exhausted whether the primary's daily quota is used up from {@link #USED_UP} to {@link #BACK}
 */
record Day(String title, int jobs, int tiers, Duration deadline, boolean exhausted, long seed) {
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    static final Instant USED_UP = Instant.parse("2026-01-01T18:00:00Z");

    /** Midnight UTC, when a day's quota is renewed. */
    static final Instant BACK = Instant.parse("2026-01-02T00:00:00Z");

    static final Duration LENGTH = Duration.ofDays(1);
    static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(JobRequest.DEFAULT_DEADLINE_SECONDS);

    static final Endpoint PRIMARY = new Endpoint("us-east-1", "primary", "primary");
    private static final Endpoint FALLBACK = new Endpoint("us-east-1", "fallback", "fallback");

    Chain chain() {
        return new Chain(List.of(
                        new Tier("primary", List.of(PRIMARY), 1024, false),
                        new Tier("fallback", List.of(FALLBACK), 512, false))
                .subList(0, tiers));
    }

    boolean isExhausted(Endpoint endpoint, Instant now) {
        return exhausted && endpoint.equals(PRIMARY) && isInOutage(now);
    }

    static boolean isInOutage(Instant now) {
        return !now.isBefore(USED_UP) && now.isBefore(BACK);
    }
}
