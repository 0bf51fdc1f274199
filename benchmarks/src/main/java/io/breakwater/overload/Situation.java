package io.breakwater.overload;

import java.time.Duration;

/**
 * An endpoint, a fleet and what it is asked to do.
 *
 * @param perMinute the quota
 * @param load jobs that arrive, as a multiple of the quota
 * @param length when it ends
 */
record Situation(QuotaModel model, int perMinute, int workers, double load, Duration length, long seed) {
    /** How long a call takes that is not throttled. */
    static final Duration CALL_TIME = Duration.ofSeconds(10);

    /** How soon a throttled call is back. */
    static final Duration THROTTLED_TIME = Duration.ofMillis(50);
}
