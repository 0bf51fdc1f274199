package io.breakwater.overload;

import io.breakwater.scoreboard.VirtualTime;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * Each job for itself: waits a random part of a time that doubles with each throttle ("full jitter"), and never gives up.
 */
final class Backoff implements Client {
    private static final long FIRST_MILLIS = Duration.ofSeconds(1).toMillis();
    private static final long LONGEST_MILLIS = Duration.ofSeconds(60).toMillis();

    private final VirtualTime time;
    private final Metered endpoint;
    private final SplittableRandom random;

    Backoff(VirtualTime time, Metered endpoint, long seed) {
        this.time = time;
        this.endpoint = endpoint;
        this.random = new SplittableRandom(seed);
    }

    @Override
    public void serve() {
        call(0);
    }

    private void call(int throttles) {
        endpoint.call(() -> {}, () -> time.after(random.nextLong(longest(throttles) + 1), () -> call(throttles + 1)));
    }

    private static long longest(int throttles) {
        return Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(throttles, 10));
    }
}
