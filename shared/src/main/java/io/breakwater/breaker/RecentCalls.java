package io.breakwater.breaker;

import java.time.Duration;
import java.time.Instant;

/**
 * The fleet's calls to an endpoint in the last stretch of time in which it was closed, as far as a worker has heard.
 *
 * @param from when that stretch begins
 * @param span how long that stretch is; zero when nothing is known
 * @param closedSince since when it took calls freely
 * @param isClosed whether it still does
 */
public record RecentCalls(Counts calls, Instant from, Duration span, Instant closedSince, boolean isClosed) {
    /** Nothing is known. */
    public static final RecentCalls NONE =
            new RecentCalls(Counts.NONE, Instant.EPOCH, Duration.ZERO, Instant.MAX, false);

    /** Shorter than this says little about a rate. */
    private static final Duration SHORTEST = Duration.ofSeconds(3);

    /** The same of an endpoint that has opened since. */
    RecentCalls notClosed() {
        return new RecentCalls(calls, from, span, closedSince, false);
    }

    /** Calls that have not failed. */
    public int succeeding() {
        return Math.max(0, calls.calls() - calls.failures());
    }

    public double succeedingPerMinute() {
        return span.isZero() ? 0 : succeeding() * 60_000.0 / Math.max(SHORTEST.toMillis(), span.toMillis());
    }
}
