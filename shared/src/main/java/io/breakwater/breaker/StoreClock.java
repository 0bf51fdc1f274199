package io.breakwater.breaker;

import io.breakwater.breaker.BreakerStore.StoreTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A worker's clock, moved to agree with the store's, so that the workers of a fleet cut time into the same buckets and
 * leases. Whole milliseconds.
 *
 * <p>Each answer of the store bounds how far the two clocks are apart (F. Cristian, "Probabilistic clock synchronization",
 * 1989): the correction moves no more than it must to lie within the bounds, so a clock that agrees stays as it is.
 */
final class StoreClock implements InstantSource {
    private final InstantSource source;
    private final AtomicLong correction = new AtomicLong();

    StoreClock(InstantSource source) {
        this.source = source;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public long millis() {
        return source.millis() + correction.get();
    }

    /** This worker's own clock, for telling apart what was before and after a request. */
    long uncorrected() {
        return source.millis();
    }

    /** Learns from an answer to a request that left and came back at these {@link #uncorrected} times. */
    void learn(long sentAt, long receivedAt, StoreTime time) {
        long least = time.earliest().toEpochMilli() - receivedAt;
        long most = time.latest().toEpochMilli() - sentAt;
        if (least <= most) {
            correction.updateAndGet(current -> Math.clamp(current, least, most));
        }
    }

    Duration correction() {
        return Duration.ofMillis(correction.get());
    }
}
