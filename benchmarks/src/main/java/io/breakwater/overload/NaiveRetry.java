package io.breakwater.overload;

import io.breakwater.scoreboard.VirtualTime;
import java.time.Duration;

/** Three calls at once, one after the other; then the queue delivers the job again, for ever. */
final class NaiveRetry implements Client {
    private static final int CALLS = 3;
    private static final Duration REDELIVERY = Duration.ofSeconds(30);

    private final VirtualTime time;
    private final Metered endpoint;

    NaiveRetry(VirtualTime time, Metered endpoint) {
        this.time = time;
        this.endpoint = endpoint;
    }

    @Override
    public void serve() {
        call(CALLS);
    }

    private void call(int left) {
        endpoint.call(() -> {}, () -> {
            if (left > 1) {
                call(left - 1);
            } else {
                time.after(REDELIVERY.toMillis(), this::serve);
            }
        });
    }
}
