package io.breakwater.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.breaker.Admission.Permit;
import io.breakwater.breaker.Admission.Refusal;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FleetBreakerTest {
    private static final Endpoint ENDPOINT = new Endpoint("us-east-1", "model-a", "a");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Outcome SUCCESS = new Outcome.Success();
    private static final Outcome THROTTLED = new Outcome.Failure(FailureKind.THROTTLED, "slow down", null);

    private final TestClock clock = new TestClock();
    private final UnreliableStore store = new UnreliableStore();
    private final FleetBreaker one = worker(1);
    private final FleetBreaker two = worker(2);

    @Test
    void twoWorkersThatEachSeeTooLittleTripTogether() {
        calls(one, 4, 2);
        calls(two, 3, 1);
        one.flush();
        two.flush();
        assertThat(one.state(ENDPOINT).name()).isEqualTo("OPEN");

        clock.advance(FleetBreaker.CLOSED_FRESHNESS);
        assertThat(one.admit(ENDPOINT, TIMEOUT)).isInstanceOf(Refusal.class);
        assertThat(two.admit(ENDPOINT, TIMEOUT)).isInstanceOf(Refusal.class);
    }

    @Test
    void aWorkerThatSeesEnoughTripsAtOnceWithoutWaitingForItsFlush() {
        calls(one, 7, 3);

        assertThat(one.admit(ENDPOINT, TIMEOUT)).isInstanceOf(Refusal.class);
    }

    @Test
    void admitsFromMemoryWhileWhatItHeardIsFresh() {
        calls(one, 100, 0);
        int before = store.calls;

        calls(one, 100, 0);

        assertThat(store.calls).isEqualTo(before);
    }

    @Test
    void tellsManyOutcomesInOneWrite() {
        calls(one, 100, 0);
        int before = store.calls;

        one.flush();
        one.flush();

        assertThat(store.calls).isEqualTo(before + 1);
        assertThat(one.judged((BreakerState.Closed) one.state(ENDPOINT))).isEqualTo(new Counts(100, 0));
    }

    @Test
    void recoversByOneThenFiveThenTenProbesAcrossWorkers() {
        calls(one, 0, 5);
        clock.advance(Duration.ofMinutes(2));

        for (int probes : List.of(1, 5, 10)) {
            List<Permit> granted = new ArrayList<>();
            for (int ask = 0; ask < 40; ask++) {
                FleetBreaker worker = ask % 2 == 0 ? one : two;
                clock.advance(FleetBreaker.HALF_OPEN_FRESHNESS.dividedBy(10));
                if (worker.admit(ENDPOINT, TIMEOUT) instanceof Permit permit) {
                    granted.add(permit);
                }
            }
            assertThat(granted).hasSize(probes);
            granted.forEach(permit -> permit.end(SUCCESS));
            clock.advance(FleetBreaker.HALF_OPEN_FRESHNESS);
        }

        assertThat(two.state(ENDPOINT).name()).isEqualTo("CLOSED");
        assertThat(store.history(ENDPOINT.id(), 10))
                .extracting(Transition::to)
                .containsExactly("CLOSED", "HALF_OPEN", "HALF_OPEN", "HALF_OPEN", "OPEN");
    }

    @Test
    void twoHundredCallersAtOnceGetOneProbe() throws Exception {
        calls(one, 0, 5);
        clock.advance(Duration.ofMinutes(2));
        List<FleetBreaker> workers =
                IntStream.range(0, 20).mapToObj(this::worker).toList();
        List<Callable<Admission>> callers = IntStream.range(0, 200)
                .<Callable<Admission>>mapToObj(
                        caller -> () -> workers.get(caller % 20).admit(ENDPOINT, TIMEOUT))
                .toList();

        List<Admission> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Admission> answer : threads.invokeAll(callers)) {
                answers.add(answer.get());
            }
        }

        assertThat(answers.stream().filter(Permit.class::isInstance)).hasSize(1);
    }

    @Test
    void aPermitEndsOnce() {
        Permit permit = (Permit) one.admit(ENDPOINT, TIMEOUT);

        permit.end(SUCCESS);
        permit.end(THROTTLED);
        one.flush();

        assertThat(one.judged((BreakerState.Closed) one.state(ENDPOINT))).isEqualTo(new Counts(1, 0));
    }

    @Test
    void aCallersOwnFaultSaysNothingAboutTheEndpoint() {
        for (int call = 0; call < 20; call++) {
            ((Permit) one.admit(ENDPOINT, TIMEOUT)).end(new Outcome.Ignored());
        }
        one.flush();

        assertThat(one.state(ENDPOINT)).isEqualTo(BreakerState.INITIAL);
    }

    @Test
    void aSuccessThatBeganBeforeItOpenedDoesNotCloseIt() {
        Permit slow = (Permit) two.admit(ENDPOINT, TIMEOUT);
        calls(one, 0, 5);

        slow.end(SUCCESS);
        two.flush();

        assertThat(one.state(ENDPOINT).name()).isEqualTo("OPEN");
    }

    @Test
    void hearsAnOverrideWithinHalfAMinuteEvenWhileOpen() {
        calls(one, 0, 5);
        clock.advance(Duration.ofSeconds(1));

        two.override(
                ENDPOINT,
                new StateOverride.ForceClosed("all well", clock.instant().plusSeconds(3600)));
        clock.advance(FleetBreaker.OPEN_FRESHNESS);

        assertThat(one.admit(ENDPOINT, TIMEOUT)).isInstanceOf(Permit.class);
    }

    @Test
    void writesNoMoreOftenForAnEndpointThatIsHeldClosedWhileItFails() {
        one.override(
                ENDPOINT,
                new StateOverride.ForceClosed("all well", clock.instant().plusSeconds(3600)));
        int before = store.calls;

        calls(one, 0, 50);
        one.flush();

        assertThat(store.calls).isEqualTo(before + 1);
    }

    @Test
    void goesOnAloneByTheSameRulesWhileTheStoreIsDown() {
        store.down = true;
        assertThat(one.admit(ENDPOINT, TIMEOUT)).isInstanceOf(Permit.class);

        calls(one, 0, 5);
        assertThat(one.admit(ENDPOINT, TIMEOUT)).isInstanceOf(Refusal.class);
        clock.advance(Duration.ofMinutes(2));
        assertThat(one.admit(ENDPOINT, TIMEOUT)).isInstanceOf(Permit.class);
        assertThat(one.admit(ENDPOINT, TIMEOUT)).isInstanceOf(Refusal.class);
    }

    @Test
    void anOverrideThatTheStoreDidNotTakeIsAnError() {
        store.down = true;

        assertThatThrownBy(() -> one.override(ENDPOINT, new StateOverride.Lift()))
                .hasMessage("store is down");
    }

    @Test
    void shadowModeRefusesNothing() {
        FleetBreaker shadow = worker(3, BreakerSettings.Mode.SHADOW);
        calls(shadow, 0, 20);

        assertThat(shadow.admit(ENDPOINT, TIMEOUT)).isInstanceOf(Permit.class);
        assertThat(shadow.state(ENDPOINT).name()).isEqualTo("OPEN");
    }

    @Test
    void offNeitherCountsNorAsks() {
        FleetBreaker off = worker(4, BreakerSettings.Mode.OFF);
        calls(off, 0, 20);
        off.flush();

        assertThat(store.calls).isZero();
    }

    private FleetBreaker worker(int seed) {
        return worker(seed, BreakerSettings.Mode.ENFORCE);
    }

    private FleetBreaker worker(int seed, BreakerSettings.Mode mode) {
        BreakerSettings d = BreakerSettings.DEFAULTS;
        BreakerSettings settings = new BreakerSettings(
                d.failureRateThreshold(),
                d.window(),
                d.minimumCalls(),
                d.consecutiveFailures(),
                d.cooldown(),
                d.maximumCooldown(),
                d.halfOpenStages(),
                mode);
        return new FleetBreaker(settings, store, clock, new Random(seed));
    }

    /** Makes the failing calls first, then the good ones, all admitted together. */
    private static void calls(FleetBreaker worker, int successes, int failures) {
        List<Permit> permits = IntStream.range(0, successes + failures)
                .mapToObj(_ -> (Permit) worker.admit(ENDPOINT, TIMEOUT))
                .collect(Collectors.toCollection(ArrayList::new));
        for (int call = 0; call < permits.size(); call++) {
            permits.get(call).end(call < failures ? THROTTLED : SUCCESS);
        }
    }

    /** An in-memory store that counts its calls and fails on demand. */
    private static final class UnreliableStore implements BreakerStore {
        private final InMemoryBreakerStore store = new InMemoryBreakerStore();
        private volatile boolean down;
        private volatile int calls;

        @Override
        public BreakerState read(String endpointId) {
            called();
            return store.read(endpointId);
        }

        @Override
        public Answer apply(String endpointId, Step step) {
            called();
            return store.apply(endpointId, step);
        }

        @Override
        public void remember(String endpointId, Transition transition) {
            called();
            store.remember(endpointId, transition);
        }

        @Override
        public List<Transition> history(String endpointId, int limit) {
            return store.history(endpointId, limit);
        }

        private synchronized void called() {
            calls++;
            if (down) {
                throw new IllegalStateException("store is down");
            }
        }
    }
}
