package io.breakwater.breaker;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The fleet's recent calls to an endpoint, by time bucket.
 *
 * @param buckets counts by bucket number, see {@link Buckets}
 * @param failuresInARow failures since the fleet's last success
 */
public record Window(NavigableMap<Long, Counts> buckets, int failuresInARow) {
    public static final Window EMPTY = new Window(new TreeMap<>(), 0);

    public Window {
        buckets = Collections.unmodifiableNavigableMap(new TreeMap<>(buckets));
    }

    /** This window and what a worker saw on top. */
    public Window plus(Tally tally) {
        TreeMap<Long, Counts> sum = new TreeMap<>(buckets);
        tally.buckets().forEach((bucket, counts) -> sum.merge(bucket, counts, Counts::plus));
        return new Window(
                sum, tally.anySuccess() ? tally.trailingFailures() : failuresInARow + tally.trailingFailures());
    }

    public Window without(List<Long> expired) {
        TreeMap<Long, Counts> rest = new TreeMap<>(buckets);
        expired.forEach(rest::remove);
        return new Window(rest, failuresInARow);
    }

    /** What the buckets from this one on hold together. */
    public Counts since(long firstBucket) {
        return buckets.tailMap(firstBucket, true).values().stream().reduce(Counts.NONE, Counts::plus);
    }

    /**
     * How time is cut into buckets: six to a window, numbered from the epoch.
     *
     * <p>The window that is judged is the current bucket and the five before it, so it reaches back between 5/6 and the
     * whole of its nominal length.
     */
    public record Buckets(Duration window) {
        private static final int PER_WINDOW = 6;
        private static final int WINDOWS_KEPT = 3;

        public long at(Instant time) {
            return Math.floorDiv(time.toEpochMilli(), window.toMillis() / PER_WINDOW);
        }

        /** The oldest bucket that still counts. */
        public long first(Instant now) {
            return at(now) - PER_WINDOW + 1;
        }

        /** Those buckets that nobody will add to any more, so that removing them races with nothing. */
        public List<Long> expired(Map<Long, Counts> buckets, Instant now) {
            long firstKept = at(now) - (long) PER_WINDOW * WINDOWS_KEPT;
            return buckets.keySet().stream()
                    .filter(bucket -> bucket < firstKept)
                    .toList();
        }
    }
}
