package io.breakwater.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.breaker.Admission.Permit;
import io.breakwater.breaker.Admission.Refusal;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FleetBreakerTest {
    private static final Endpoint ENDPOINT = new Endpoint("us-east-1", "model-a", "a");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final FleetBreaker.Timing TIMING = FleetBreaker.Timing.DEFAULTS;

    /** After this, what was told is judged: the bucket is over, and every worker has had the time to tell. */
    private static final Duration TOLD = Duration.ofSeconds(12);

    private static final Outcome SUCCESS = new Outcome.Success();
    private static final Outcome THROTTLED = new Outcome.Failure(FailureKind.THROTTLED, "slow down", null);

    private final TestClock clock = new TestClock();
    private final UnreliableStore store = new UnreliableStore();
    private final List<BreakerListener.Notice> notices = new ArrayList<>();
    private final FleetBreaker one = worker(1);
    private final FleetBreaker two = worker(2);

    @Test
    void twoWorkersThatEachSeeTooLittleTripTogether() {
        calls(one, 4, 2);
        calls(two, 3, 1);
        one.flush();
        two.flush();
        clock.advance(TOLD);
        assertThat(one.state(ENDPOINT).name()).isEqualTo("OPEN");
        assertThat(one.admit(ENDPOINT, TIMEOUT)).isInstanceOf(Refusal.class);
        assertThat(two.admit(ENDPOINT, TIMEOUT)).isInstanceOf(Refusal.class);
    }

    @Test
    void aWorkerWhoseOwnCallsPlainlyFailTripsAtOnce() {
        calls(one, 0, 10);

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
    void aClosedEndpointRefusesNobodyAndIsAskedAboutOnceInItsFreshness() {
        assertThat(one.refusedUntil(ENDPOINT)).isEmpty();
        int before = store.calls;

        assertThat(one.refusedUntil(ENDPOINT)).isEmpty();
        assertThat(store.calls).isEqualTo(before);

        clock.advance(TIMING.closedFreshness());
        assertThat(one.refusedUntil(ENDPOINT)).isEmpty();
        assertThat(store.calls).isEqualTo(before + 1);
    }

    @Test
    void anOpenEndpointRefusesEverybodyUntilItIsTriedAgain() {
        calls(one, 0, 10);
        Instant until = ((BreakerState.Open) two.state(ENDPOINT)).until();
        int before = store.calls;

        assertThat(two.refusedUntil(ENDPOINT)).contains(until);
        assertThat(store.calls).isEqualTo(before);

        clock.advance(Duration.between(clock.instant(), until));
        assertThat(two.refusedUntil(ENDPOINT)).isEmpty();
    }

    @Test
    void anEndpointThatIsBeingProbedRefusesNobodyForSure() {
        calls(one, 0, 10);
        clock.advance(Duration.between(clock.instant(), ((BreakerState.Open) one.state(ENDPOINT)).until()));
        assertThat(one.admit(ENDPOINT, TIMEOUT)).isInstanceOf(Permit.class);
        assertThat(two.state(ENDPOINT).name()).isEqualTo("HALF_OPEN");

        assertThat(two.refusedUntil(ENDPOINT)).isEmpty();
    }

    @Test
    void inShadowModeNothingIsRefusedAndNobodyIsAsked() {
        FleetBreaker shadow = worker(3, BreakerSettings.Mode.SHADOW);
        shadow.override(
                ENDPOINT,
                new StateOverride.ForceOpen("maintenance", clock.instant().plusSeconds(60)));
        int before = store.calls;

        assertThat(shadow.refusedUntil(ENDPOINT)).isEmpty();

        assertThat(store.calls).isEqualTo(before);
    }

    @Test
    void tellsManyOutcomesInOneWrite() {
        calls(one, 100, 0);
        int before = store.calls;

        one.flush();
        one.flush();

        assertThat(store.calls).isEqualTo(before + 1);
        assertThat(one.lastWindow((BreakerState.Closed) one.state(ENDPOINT))).isEqualTo(new Counts(100, 0));
    }

    @Test
    void recoversByOneThenFiveThenTenProbesAcrossWorkers() {
        calls(one, 0, 10);
        clock.advance(Duration.ofMinutes(2));

        for (int probes : List.of(1, 5, 10)) {
            List<Permit> granted = new ArrayList<>();
            for (int ask = 0; ask < 40; ask++) {
                FleetBreaker worker = ask % 2 == 0 ? one : two;
                clock.advance(TIMING.halfOpenFreshness().dividedBy(10));
                if (worker.admit(ENDPOINT, TIMEOUT) instanceof Permit permit) {
                    granted.add(permit);
                }
            }
            assertThat(granted).hasSize(probes);
            granted.forEach(permit -> permit.end(SUCCESS));
            clock.advance(TIMING.halfOpenFreshness());
        }

        assertThat(two.state(ENDPOINT).name()).isEqualTo("CLOSED");
        assertThat(store.history(ENDPOINT.id(), 10))
                .extracting(Transition::to)
                .containsExactly("CLOSED", "HALF_OPEN", "HALF_OPEN", "HALF_OPEN", "OPEN");
    }

    @Test
    void twoHundredCallersAtOnceGetOneProbe() throws Exception {
        calls(one, 0, 10);
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

        assertThat(one.lastWindow((BreakerState.Closed) one.state(ENDPOINT))).isEqualTo(new Counts(1, 0));
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
        calls(one, 0, 10);

        slow.end(SUCCESS);
        two.flush();

        assertThat(one.state(ENDPOINT).name()).isEqualTo("OPEN");
    }

    @Test
    void hearsAnOverrideWithinHalfAMinuteEvenWhileOpen() {
        calls(one, 0, 10);
        clock.advance(Duration.ofSeconds(1));

        two.override(
                ENDPOINT,
                new StateOverride.ForceClosed("all well", clock.instant().plusSeconds(3600)));
        clock.advance(TIMING.openFreshness());

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

        calls(one, 7, 4);
        assertThat(one.admit(ENDPOINT, TIMEOUT)).isInstanceOf(Refusal.class);
        clock.advance(Duration.ofMinutes(2));
        assertThat(one.admit(ENDPOINT, TIMEOUT)).isInstanceOf(Permit.class);
        assertThat(one.admit(ENDPOINT, TIMEOUT)).isInstanceOf(Refusal.class);
    }

    @Test
    void whatItSawAloneTheFleetDoesNotHear() {
        calls(one, 5, 0);
        store.down = true;
        one.flush();
        calls(one, 20, 2);
        store.down = false;
        clock.advance(TIMING.closedFreshness());

        calls(one, 3, 0);
        one.flush();

        assertThat(window()).isEqualTo(new Counts(3, 0));
        assertThat(notices)
                .extracting(notice -> notice.getClass().getSimpleName())
                .containsExactly("CountsDropped", "StoreLost", "StoreFound");
    }

    @Test
    void aCallWhoseStartMayNotHaveBeenHeardDoesNotFail() {
        List<Permit> permits = IntStream.range(0, 10).mapToObj(_ -> permit(one)).toList();
        store.losesAnswers = true;
        one.flush();
        store.losesAnswers = false;
        clock.advance(TIMING.closedFreshness());
        permit(one).end(SUCCESS);

        permits.forEach(permit -> permit.end(THROTTLED));
        one.flush();

        assertThat(window()).isEqualTo(new Counts(11, 0));
    }

    @Test
    void tellsStartsWhileTheirCallsAreOnTheirWay() {
        permit(one);
        one.flushDue();
        permit(one);
        permit(one);
        one.flushDue();
        assertThat(window()).isEqualTo(new Counts(1, 0));

        clock.advance(TIMING.flushInterval());
        one.flushDue();

        assertThat(window()).isEqualTo(new Counts(3, 0));
    }

    @Test
    void aFailureCountsWhereItsCallWasStarted() {
        Permit slow = permit(one);
        one.flush();
        clock.advance(Duration.ofSeconds(50));
        slow.end(THROTTLED);
        one.flush();

        assertThat(((BreakerState.Closed) one.state(ENDPOINT))
                        .window()
                        .buckets()
                        .values())
                .containsExactly(new Counts(1, 1));
    }

    @Test
    void aCallThatTakesAsLongAsSlowOnesDoCountsAsFailed() {
        BreakerSettings d = BreakerSettings.DEFAULTS;
        FleetBreaker worker = new FleetBreaker(
                new BreakerSettings(
                        d.failureRateThreshold(),
                        d.window(),
                        d.minimumCalls(),
                        d.consecutiveFailures(),
                        d.cooldown(),
                        d.maximumCooldown(),
                        d.halfOpenStages(),
                        d.rateConfidence(),
                        Optional.of(Duration.ofSeconds(8)),
                        d.mode()),
                store,
                clock,
                new Random(5));
        Permit quick = permit(worker);
        Permit slow = permit(worker);
        clock.advance(Duration.ofSeconds(7));
        quick.end(SUCCESS);
        clock.advance(Duration.ofSeconds(1));
        slow.end(SUCCESS);
        worker.flush();

        assertThat(window()).isEqualTo(new Counts(2, 1));
    }

    @Test
    void aProbeThatWasGrantedTooLateToEndWithinItsLeaseIsNotBegun() {
        calls(one, 0, 10);
        clock.advance(Duration.ofMinutes(2));
        store.slow = () -> clock.advance(Duration.ofSeconds(3));

        assertThat(one.admit(ENDPOINT, TIMEOUT)).isInstanceOf(Refusal.class);

        store.slow = () -> {};
        assertThat(two.admit(ENDPOINT, TIMEOUT)).isInstanceOf(Permit.class);
    }

    @Test
    void asksForThePaceOnlyWhereACallWouldBeAProbe() {
        AtomicInteger asked = new AtomicInteger();
        Supplier<Duration> pace = () -> Duration.ofSeconds(asked.incrementAndGet());

        one.admit(ENDPOINT, TIMEOUT, pace);
        calls(two, 0, 10);
        clock.advance(TIMING.closedFreshness());
        one.admit(ENDPOINT, TIMEOUT, pace);
        clock.advance(Duration.ofMinutes(2));
        ((Permit) one.admit(ENDPOINT, TIMEOUT, pace)).end(new Outcome.Success());
        assertThat(asked).as("closed, open, and for the first probe").hasValue(0);

        assertThat(one.admit(ENDPOINT, TIMEOUT, pace)).isInstanceOf(Permit.class);
        assertThat(asked).hasValue(1);
    }

    @Test
    void whatAnEndpointTookIsKnownWhenItHasOpened() {
        calls(one, 30, 0);
        one.flush();
        clock.advance(Duration.ofSeconds(20));
        calls(one, 0, 10);

        assertThat(one.takesOnlyProbes(ENDPOINT)).isTrue();
        RecentCalls before = one.recentCalls(ENDPOINT, clock.instant().minusSeconds(60));
        assertThat(before.succeeding()).isEqualTo(30);
        assertThat(before.isClosed()).isFalse();
    }

    @Test
    void tellsOfEachTransitionOnce() {
        calls(one, 0, 10);
        two.state(ENDPOINT);

        assertThat(notices)
                .filteredOn(BreakerListener.Notice.Moved.class::isInstance)
                .hasSize(1);
    }

    private Counts window() {
        return two.lastWindow((BreakerState.Closed) two.state(ENDPOINT));
    }

    private static Permit permit(FleetBreaker worker) {
        return (Permit) worker.admit(ENDPOINT, TIMEOUT);
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
                d.rateConfidence(),
                d.slowCall(),
                mode);
        return new FleetBreaker(settings, store, clock, new Random(seed), notices::add);
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
}
