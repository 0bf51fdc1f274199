package io.breakwater.jmh;

import io.breakwater.breaker.Admission;
import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.BreakerStore;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.Outcome;
import io.breakwater.model.Endpoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.infra.Blackhole;

/** A worker with a breaker for one endpoint, and the timer that tells its fleet of calls, as in the worker Lambda. */
final class Worker implements AutoCloseable {
    private static final Endpoint ENDPOINT =
            new Endpoint("us-east-1", "anthropic.claude-sonnet-4-6", "claude-sonnet-4-6");
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);

    private final FleetBreaker breaker;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());

    Worker(BreakerStore store) {
        breaker =
                new FleetBreaker(BreakerSettings.DEFAULTS, store, InstantSource.system(), RandomGenerator.getDefault());
        long tick = FleetBreaker.TICK.toMillis();
        var _ = timer.scheduleAtFixedRate(breaker::flushDue, tick, tick, TimeUnit.MILLISECONDS);
    }

    /** A call that goes well. Its permit escapes, because a real one waits for the model's answer. */
    void call(Blackhole model) {
        if (!(breaker.admit(ENDPOINT, CALL_TIMEOUT) instanceof Admission.Permit permit)) {
            throw new IllegalStateException("the breaker refuses a call though none failed");
        }
        model.consume(permit);
        permit.end(new Outcome.Success());
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
