package io.breakwater.breaker;

import io.breakwater.model.FailureKind;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * What one worker saw of an endpoint since it last told the fleet.
 *
 * @param buckets changes by the bucket in which the calls started, see {@link Window.Buckets}
 * @param anySuccess whether any call succeeded
 * @param trailingFailures failures after the last success, or all of them when there was none
 * @param lastFailure how the last failed call failed
 */
public record Tally(
        NavigableMap<Long, Counts> buckets,
        boolean anySuccess,
        int trailingFailures,
        Optional<FailureKind> lastFailure) {
    public static final Tally EMPTY = new Tally(new TreeMap<>(), false, 0, Optional.empty());

    public Tally {
        buckets = Collections.unmodifiableNavigableMap(new TreeMap<>(buckets));
    }

    /** This tally with these buckets only. */
    public Tally only(LongPredicate bucket) {
        TreeMap<Long, Counts> kept = new TreeMap<>(buckets);
        kept.keySet().removeIf(number -> !bucket.test(number));
        return new Tally(kept, anySuccess, trailingFailures, lastFailure);
    }

    public boolean isEmpty() {
        return buckets.isEmpty() && !anySuccess;
    }
}
