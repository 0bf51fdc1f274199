package io.breakwater.jmh;

import dev.failsafe.CircuitBreaker;
import io.breakwater.breaker.DynamoDbBreakerStore;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * A call admitted by a closed breaker and recorded as a success: all that a breaker does while nothing is wrong.
 *
 * <p>Every breaker opens at 30 % of the last minute's calls, of 10 at least, and is shared by all threads.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xmx512m", "--sun-misc-unsafe-memory-access=allow"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ClosedBreaker {
    private static final int FAILURE_PERCENT = 30;
    private static final int MINIMUM_CALLS = 10;
    private static final Duration WINDOW = Duration.ofMinutes(1);

    @Benchmark
    public void breakwaterInMemory(InMemoryFleet fleet, Blackhole model) {
        fleet.worker.call(model);
    }

    @Benchmark
    public void breakwaterDynamoDb(DynamoDbFleet fleet, Requests requests, Blackhole model) {
        fleet.worker.call(model);
    }

    @Benchmark
    public void resilience4j(SynchronizedWindow window, Blackhole model) {
        call(window.breaker, model);
    }

    @Benchmark
    public void resilience4jLockFree(LockFreeWindow window, Blackhole model) {
        call(window.breaker, model);
    }

    /** As the library's own {@code executeSupplier} does it. */
    private static void call(io.github.resilience4j.circuitbreaker.CircuitBreaker breaker, Blackhole model) {
        if (!breaker.tryAcquirePermission()) {
            throw new IllegalStateException("the breaker refuses a call though none failed");
        }
        long start = breaker.getCurrentTimestamp();
        model.consume(start);
        breaker.onSuccess(breaker.getCurrentTimestamp() - start, breaker.getTimestampUnit());
    }

    @Benchmark
    public void failsafe(FailsafeBreaker failsafe, Blackhole model) {
        boolean admitted = failsafe.breaker.tryAcquirePermit();
        if (!admitted) {
            throw new IllegalStateException("the breaker refuses a call though none failed");
        }
        model.consume(admitted);
        failsafe.breaker.recordSuccess();
    }

    /** One reading of the clock, without which no breaker can have a window of time. */
    @Benchmark
    public long clock() {
        return System.currentTimeMillis();
    }

    @State(Scope.Benchmark)
    public static class InMemoryFleet {
        private final Worker worker = new Worker(new InMemoryBreakerStore());

        @TearDown
        public void close() {
            worker.close();
        }
    }

    @State(Scope.Benchmark)
    public static class DynamoDbFleet {
        private final CountingDynamoDb client = new CountingDynamoDb();
        private final Worker worker = new Worker(new DynamoDbBreakerStore(client, "endpoints"));

        @TearDown
        public void close() {
            worker.close();
        }
    }

    /** The store's requests of an iteration. The first thread to end it takes them all, so that the sum is right. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Requests {
        static final String NAME = "storeRequests";

        public long storeRequests;

        @TearDown(Level.Iteration)
        public void take(DynamoDbFleet fleet) {
            storeRequests = fleet.client.takeRequests();
        }
    }

    /** Resilience4j as it comes: a lock around its window. */
    @State(Scope.Benchmark)
    public static class SynchronizedWindow {
        private final io.github.resilience4j.circuitbreaker.CircuitBreaker breaker =
                resilience4j(SlidingWindowSynchronizationStrategy.SYNCHRONIZED);
    }

    /** Resilience4j with the window that it has for much contention. */
    @State(Scope.Benchmark)
    public static class LockFreeWindow {
        private final io.github.resilience4j.circuitbreaker.CircuitBreaker breaker =
                resilience4j(SlidingWindowSynchronizationStrategy.LOCK_FREE);
    }

    @State(Scope.Benchmark)
    public static class FailsafeBreaker {
        private final CircuitBreaker<Object> breaker = CircuitBreaker.builder()
                .withFailureRateThreshold(FAILURE_PERCENT, MINIMUM_CALLS, WINDOW)
                .build();
    }

    private static io.github.resilience4j.circuitbreaker.CircuitBreaker resilience4j(
            SlidingWindowSynchronizationStrategy strategy) {
        return io.github.resilience4j.circuitbreaker.CircuitBreaker.of(
                "endpoint",
                CircuitBreakerConfig.custom()
                        .slidingWindow((int) WINDOW.toSeconds(), MINIMUM_CALLS, SlidingWindowType.TIME_BASED, strategy)
                        .failureRateThreshold(FAILURE_PERCENT)
                        .build());
    }
}
