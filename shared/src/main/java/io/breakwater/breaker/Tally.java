package io.breakwater.breaker;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * What one worker saw of an endpoint since it last told the fleet.
 *
 * @param buckets counts by bucket number, see {@link Window.Buckets}
 * @param trailingFailures failures after the last success, or all of them when there was none
 */
public record Tally(NavigableMap<Long, Counts> buckets, int trailingFailures) {
    public static final Tally EMPTY = new Tally(new TreeMap<>(), 0);

    public Tally {
        buckets = Collections.unmodifiableNavigableMap(new TreeMap<>(buckets));
    }

    /** This tally and one more call that ended in the bucket. */
    public Tally and(long bucket, boolean success) {
        TreeMap<Long, Counts> sum = new TreeMap<>(buckets);
        sum.merge(bucket, success ? new Counts(1, 0) : new Counts(0, 1), Counts::plus);
        return new Tally(sum, success ? 0 : trailingFailures + 1);
    }

    public Tally only(LongPredicate bucket) {
        TreeMap<Long, Counts> kept = new TreeMap<>(buckets);
        kept.keySet().removeIf(number -> !bucket.test(number));
        return new Tally(kept, trailingFailures);
    }

    public boolean isEmpty() {
        return buckets.isEmpty();
    }

    public boolean anySuccess() {
        return buckets.values().stream().anyMatch(counts -> counts.successes() > 0);
    }
}
