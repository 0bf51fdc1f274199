package io.breakwater.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.BreakerStore.Answer;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** What every store must do: make each {@link Step} as {@link Step#applyTo} defines it, atomically. */
abstract class BreakerStoreContract {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final BreakerState.Outage OUTAGE =
            new BreakerState.Outage(START, Optional.of(FailureKind.TIMEOUT), 1);
    private static final AtomicLong ENDPOINTS = new AtomicLong();

    private final String endpoint = "us-east-1/model-" + ENDPOINTS.incrementAndGet();
    private final BreakerProtocol protocol = new BreakerProtocol(BreakerSettings.DEFAULTS);

    abstract BreakerStore store();

    @Test
    void anEndpointThatWasNeverWrittenIsClosed() {
        assertThat(read()).isEqualTo(BreakerState.INITIAL);
    }

    /** Random events through the protocol's own decisions, each step also tried with a wrong epoch. */
    @RepeatedTest(5)
    void everyStepDoesWhatItsDefinitionSays(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        RandomGenerator random = new Random(seed);
        BreakerState model = BreakerState.INITIAL;
        Instant now = START;
        List<Step.GrantSlot> grants = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            now = now.plusMillis(random.nextInt(40_000));
            BreakerEvent event = anyEvent(random, model, now);
            Step step = protocol.decide(model, event, now).step().orElse(null);
            if (step == null) {
                continue;
            }
            if (step instanceof Step.GrantSlot grant) {
                grants.add(grant);
            }
            if (random.nextInt(4) == 0 && !grants.isEmpty()) {
                model = check(seed, model, grants.get(random.nextInt(grants.size())));
            }
            model = check(seed, model, step);
            model = check(seed, model, step);
        }
    }

    private BreakerState check(long seed, BreakerState model, Step step) {
        BreakerState expected = step.applyTo(model).orElse(model);
        Answer answer = store().apply(endpoint, step);
        assertThat(List.of(answer.made(), answer.state()))
                .as("seed %d: %s in %s", seed, step, model)
                .isEqualTo(List.of(step.applyTo(model).isPresent(), expected));
        assertThat(read()).isEqualTo(expected);
        return expected;
    }

    private BreakerEvent anyEvent(RandomGenerator random, BreakerState state, Instant now) {
        String permit = Long.toHexString(random.nextLong());
        int slot = 0;
        if (state instanceof BreakerState.HalfOpen halfOpen) {
            slot = random.nextInt(halfOpen.slots().size());
            if (halfOpen.slots().get(slot) instanceof BreakerState.Slot.Held held && random.nextInt(10) > 0) {
                permit = held.permitId();
            }
        }
        return switch (random.nextInt(13)) {
            case 0, 1, 2 ->
                new BreakerEvent.CallWanted(
                        permit, now.plusSeconds(random.nextInt(60)), Duration.ofSeconds(random.nextInt(3)));
            case 3, 4 -> new BreakerEvent.CallsCounted(state.epoch(), anyTally(random, now));
            case 5 -> new BreakerEvent.Examined(random.nextDouble(), null);
            case 6, 7, 8 ->
                new BreakerEvent.ProbeSucceeded(state.epoch(), slot, permit, Duration.ofMillis(random.nextInt(60_000)));
            case 9 -> new BreakerEvent.ProbeIgnored(state.epoch(), slot, permit);
            case 10 ->
                random.nextInt(4) == 0
                        ? new BreakerEvent.ProbeFailed(
                                state.epoch(), slot, permit, FailureKind.THROTTLED, "no", Duration.ofSeconds(3), 0.5)
                        : new BreakerEvent.ProbeSucceeded(state.epoch(), slot, permit, Duration.ZERO);
            case 11 -> new BreakerEvent.RegionLost("the region is lost", random.nextDouble());
            default ->
                random.nextInt(3) > 0
                        ? new BreakerEvent.Examined(0, null)
                        : new BreakerEvent.Overridden(
                                switch (random.nextInt(3)) {
                                    case 0 -> new StateOverride.ForceOpen("", now.plusSeconds(10));
                                    case 1 -> new StateOverride.ForceClosed("ü", now.plusSeconds(10));
                                    default -> new StateOverride.Lift();
                                });
        };
    }

    private Tally anyTally(RandomGenerator random, Instant now) {
        TreeMap<Long, Counts> buckets = new TreeMap<>();
        int failures = 0;
        for (int i = random.nextInt(4); i > 0; i--) {
            Counts counts = new Counts(random.nextInt(12) - 1, random.nextInt(4));
            failures += counts.failures();
            buckets.put(protocol.buckets().at(now.minusMillis(random.nextInt(150_000))), counts);
        }
        FailureKind kind = random.nextBoolean() ? FailureKind.THROTTLED : FailureKind.SERVER_ERROR;
        return new Tally(
                buckets,
                random.nextInt(3) > 0,
                random.nextInt(failures + 1),
                failures == 0 ? Optional.empty() : Optional.of(kind));
    }

    private BreakerState read() {
        return store().read(endpoint).state();
    }

    @Test
    void concurrentCountsAllCount() throws Exception {
        TreeMap<Long, Counts> buckets = new TreeMap<>();
        buckets.put(100L, new Counts(2, 1));
        Tally one = new Tally(buckets, false, 1, Optional.of(FailureKind.THROTTLED));

        atOnce(50, () -> store().apply(endpoint, new Step.Count(0, one, List.of())));

        Window window = ((BreakerState.Closed) read()).window();
        assertThat(window.between(0, 200)).isEqualTo(new Counts(100, 50));
        assertThat(window.failuresInARow()).isEqualTo(50);
    }

    @Test
    void concurrentReservationsStayBelowTheLimit() throws Exception {
        store().apply(endpoint, new Step.MoveTo(0, ramping(new Ramp(Duration.ofSeconds(10), 3)), Optional.empty()));

        List<Answer> answers = atOnce(50, () -> store().apply(endpoint, new Step.Reserve(1, 2, 24)));

        assertThat(answers).filteredOn(Answer::made).hasSize(10);
        assertThat(((BreakerState.Closed) read()).ramp().orElseThrow().reserved())
                .isEqualTo(23);
    }

    @Test
    void nothingIsReservedWithoutARamp() {
        assertThat(store().apply(endpoint, new Step.Reserve(0, 1, 10)).made()).isFalse();
    }

    private static BreakerState ramping(Ramp ramp) {
        return new BreakerState.Closed(1, START, Window.EMPTY, Optional.empty(), Optional.of(ramp));
    }

    @Test
    void ofManyTransitionsFromOneEpochOneWinsAndTheOthersLearnOfIt() throws Exception {
        AtomicLong number = new AtomicLong();

        List<Answer> answers = atOnce(50, () -> {
            String detail = "by " + number.incrementAndGet();
            return store().apply(
                            endpoint,
                            new Step.MoveTo(
                                    0,
                                    new BreakerState.Open(
                                            1, START, START.plusSeconds(60), OpenReason.FAILURE_RATE, detail, OUTAGE),
                                    Optional.of(new Counts(10, 3))));
        });

        assertThat(answers).filteredOn(Answer::made).hasSize(1);
        assertThat(answers).extracting(Answer::state).containsOnly(read());
    }

    @Test
    void ofManyPermitsForOneSlotOneIsGranted() throws Exception {
        BreakerState.HalfOpen stage = new BreakerState.HalfOpen(
                1, START, 0, List.of(BreakerState.Slot.FREE), OpenReason.FAILURE_RATE, Duration.ofSeconds(10), OUTAGE);
        store().apply(endpoint, new Step.MoveTo(0, stage, Optional.empty()));
        AtomicLong number = new AtomicLong();

        List<Answer> answers = atOnce(50, () -> {
            var grant = new BreakerState.Slot.Held("permit-" + number.incrementAndGet(), START.plusSeconds(10));
            return store().apply(endpoint, new Step.GrantSlot(1, 0, grant, START));
        });

        assertThat(answers).filteredOn(Answer::made).hasSize(1);
    }

    @Test
    void keepsTheLastTransitionsNewestFirst() {
        List<Long> epochs = LongStream.rangeClosed(1, 112).boxed().collect(Collectors.toList());
        Collections.swap(epochs, 110, 111);
        epochs.forEach(epoch -> store().remember(endpoint, transition(epoch)));

        assertThat(store().history(endpoint, BreakerStore.HISTORY_KEPT))
                .isEqualTo(LongStream.iterate(112, epoch -> epoch - 1)
                        .limit(BreakerStore.HISTORY_KEPT)
                        .mapToObj(BreakerStoreContract::transition)
                        .toList());
    }

    /** Two workers over the real store, from the first failure to closed again. */
    @Test
    void aFleetTripsRecoversByStagesAndCloses() {
        Endpoint model = new Endpoint("eu-west-1", endpoint, "model");
        AtomicLong seconds = new AtomicLong();
        List<FleetBreaker> workers = IntStream.range(0, 2)
                .mapToObj(seed -> new FleetBreaker(
                        BreakerSettings.DEFAULTS,
                        new TimelessStore(store()),
                        () -> START.plusSeconds(seconds.get()),
                        new Random(seed)))
                .toList();
        for (int call = 0; call < 5; call++) {
            permit(workers.get(call % 2), model).end(new Outcome.Failure(FailureKind.THROTTLED, "slow down", null));
            workers.get(call % 2).flush();
        }
        seconds.addAndGet(12);
        assertThat(workers.get(0).state(model).name()).isEqualTo("OPEN");
        seconds.addAndGet(120);
        for (int probe = 0; probe < 16; probe++) {
            permit(workers.get(probe % 2), model).end(new Outcome.Success());
            seconds.addAndGet(1);
        }

        assertThat(workers.get(1).state(model).name()).isEqualTo("CLOSED");
        assertThat(store().history(model.id(), 10))
                .extracting(Transition::to, Transition::stage)
                .extracting(Object::toString)
                .containsExactly(
                        "(\"CLOSED\", null)",
                        "(\"HALF_OPEN\", 10)",
                        "(\"HALF_OPEN\", 5)",
                        "(\"HALF_OPEN\", 1)",
                        "(\"OPEN\", null)");
    }

    private static Admission.Permit permit(FleetBreaker worker, Endpoint endpoint) {
        Admission admission = worker.admit(endpoint, Duration.ofSeconds(5));
        assertThat(admission).isInstanceOf(Admission.Permit.class);
        return (Admission.Permit) admission;
    }

    private static Transition transition(long epoch) {
        return new Transition(
                epoch, START.plusSeconds(epoch), "CLOSED", "OPEN", null, "FAILURE_RATE", "3 of 10", 10, 3);
    }

    /** A store that does not show its clock, so that the workers go by the test's. */
    private record TimelessStore(BreakerStore store) implements BreakerStore {
        @Override
        public Answer read(String endpointId) {
            return timeless(store.read(endpointId));
        }

        @Override
        public Answer apply(String endpointId, Step step) {
            return timeless(store.apply(endpointId, step));
        }

        private static Answer timeless(Answer answer) {
            return new Answer(answer.made(), answer.state(), Optional.empty());
        }

        @Override
        public void remember(String endpointId, Transition transition) {
            store.remember(endpointId, transition);
        }

        @Override
        public List<Transition> history(String endpointId, int limit) {
            return store.history(endpointId, limit);
        }
    }

    private static <T> List<T> atOnce(int times, Callable<T> task) throws Exception {
        List<T> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> answer : threads.invokeAll(Collections.nCopies(times, task))) {
                answers.add(answer.get());
            }
        }
        return answers;
    }
}
