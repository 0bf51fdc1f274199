package io.breakwater.breaker;

import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The fleet's recent calls to an endpoint, by the time at which they were started.
 *
 * @param buckets counts by bucket number, see {@link Buckets}
 * @param failuresInARow failures since the fleet last heard of a success
 * @param lastFailure how the last failed call failed
 */
public record Window(NavigableMap<Long, Counts> buckets, int failuresInARow, Optional<FailureKind> lastFailure) {
    public static final Window EMPTY = new Window(new TreeMap<>(), 0, Optional.empty());

    public Window {
        buckets = Collections.unmodifiableNavigableMap(new TreeMap<>(buckets));
    }

    /** This window and what a worker saw on top. */
    public Window plus(Tally tally) {
        TreeMap<Long, Counts> sum = new TreeMap<>(buckets);
        tally.buckets().forEach((bucket, counts) -> sum.merge(bucket, counts, Counts::plus));
        return new Window(
                sum,
                tally.anySuccess() ? tally.trailingFailures() : failuresInARow + tally.trailingFailures(),
                tally.lastFailure().or(() -> lastFailure));
    }

    public Window without(List<Long> expired) {
        TreeMap<Long, Counts> rest = new TreeMap<>(buckets);
        expired.forEach(rest::remove);
        return new Window(rest, failuresInARow, lastFailure);
    }

    /** What the buckets from {@code first} to {@code last}, both included, hold together. */
    public Counts between(long first, long last) {
        return first > last
                ? Counts.NONE
                : buckets.subMap(first, true, last, true).values().stream().reduce(Counts.NONE, Counts::plus);
    }

    /**
     * How time is cut into buckets: ten to a window, numbered from 1970.
     *
     * <p>Three windows are kept. Within the last two of them workers still add the failures of calls that were started
     * there; what is older nobody adds to, so that removing it races with nothing.
     */
    public record Buckets(Duration window) {
        static final int PER_WINDOW = 10;
        private static final int ADDED_TO = 2 * PER_WINDOW;
        private static final int KEPT = 3 * PER_WINDOW;

        Duration length() {
            return window.dividedBy(PER_WINDOW);
        }

        public long at(long epochMillis) {
            return Math.floorDiv(epochMillis, window.toMillis() / PER_WINDOW);
        }

        public long at(Instant time) {
            return at(time.toEpochMilli());
        }

        public Instant start(long bucket) {
            return Instant.ofEpochMilli(bucket * length().toMillis());
        }

        /** The oldest bucket that still counts as the last window. */
        public long first(Instant now) {
            return at(now) - PER_WINDOW + 1;
        }

        /** The oldest bucket that a worker may still add to. */
        public long firstAddedTo(Instant now) {
            return at(now) - ADDED_TO;
        }

        /** The oldest bucket that is kept. */
        public long firstKept(Instant now) {
            return at(now) - KEPT;
        }

        /** Those buckets that nobody will add to any more. */
        public List<Long> expired(Map<Long, Counts> buckets, Instant now) {
            long firstKept = firstKept(now);
            return buckets.keySet().stream()
                    .filter(bucket -> bucket < firstKept)
                    .toList();
        }
    }
}
