package io.breakwater.scoreboard;

import io.breakwater.model.FailureKind;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Resilience4j in each environment, which knows of no other. */
final class Resilience4jFleet implements Fleet {
    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final int PROBES = 10;

    private final VirtualTime time;
    private final List<CircuitBreaker> breakers = new ArrayList<>();
    private int open;
    private int closed;
    private int trips;
    private long lastOpened;

    Resilience4jFleet(VirtualTime time, int environments) {
        this.time = time;
        this.closed = environments;
        CircuitBreakerConfig config = CircuitBreakerConfig.custom()
                .slidingWindow(60, 10, SlidingWindowType.TIME_BASED)
                .failureRateThreshold(30)
                .waitDurationInOpenState(WAIT)
                .permittedNumberOfCallsInHalfOpenState(PROBES)
                .clock(time.withZone(ZoneOffset.UTC))
                .currentTimestampFunction(_ -> time.millis(), TimeUnit.MILLISECONDS)
                .build();
        for (int environment = 0; environment < environments; environment++) {
            CircuitBreaker breaker = CircuitBreaker.of("environment-" + environment, config);
            breaker.getEventPublisher()
                    .onStateTransition(event -> moved(
                            event.getStateTransition().getFromState(),
                            event.getStateTransition().getToState()));
            breakers.add(breaker);
        }
    }

    private void moved(CircuitBreaker.State from, CircuitBreaker.State to) {
        count(from, -1);
        count(to, 1);
        if (to == CircuitBreaker.State.OPEN) {
            lastOpened = time.millis();
            trips += from == CircuitBreaker.State.CLOSED ? 1 : 0;
        }
    }

    private void count(CircuitBreaker.State state, int by) {
        open += state == CircuitBreaker.State.OPEN ? by : 0;
        closed += state == CircuitBreaker.State.CLOSED ? by : 0;
    }

    @Override
    public Optional<Call> admit(int environment) {
        CircuitBreaker breaker = breakers.get(environment);
        if (!breaker.tryAcquirePermission()) {
            return Optional.empty();
        }
        // Probes have no stage of the fleet here: those of a cooldown's length stand for one.
        Optional<Probe> probe = breaker.getState() == CircuitBreaker.State.HALF_OPEN
                ? Optional.of(new Probe(time.elapsedMillis() / WAIT.toMillis(), PROBES))
                : Optional.empty();
        return Optional.of(new PermittedCall(breaker, time, time.millis(), probe));
    }

    @Override
    public State state() {
        return closed == breakers.size() ? State.CLOSED : 2 * open >= breakers.size() ? State.OPEN : State.HALF_OPEN;
    }

    @Override
    public int trips() {
        return trips;
    }

    @Override
    public StoreCalls storeCalls() {
        return StoreCalls.NONE;
    }

    @Override
    public long openUntilMillis() {
        return lastOpened + WAIT.toMillis();
    }

    private record PermittedCall(CircuitBreaker breaker, VirtualTime time, long start, Optional<Probe> probe)
            implements Call {
        @Override
        public void end(Optional<FailureKind> failure) {
            long took = time.millis() - start;
            if (failure.isPresent()) {
                breaker.onError(
                        took,
                        TimeUnit.MILLISECONDS,
                        new IllegalStateException(failure.get().name()));
            } else {
                breaker.onSuccess(took, TimeUnit.MILLISECONDS);
            }
        }
    }
}
