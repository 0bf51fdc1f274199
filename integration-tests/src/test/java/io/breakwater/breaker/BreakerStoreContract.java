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
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** What every store must do: make each {@link Step} as {@link Step#applyTo} defines it, atomically. */
abstract class BreakerStoreContract {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final AtomicLong ENDPOINTS = new AtomicLong();

    private final String endpoint = "us-east-1/model-" + ENDPOINTS.incrementAndGet();
    private final BreakerProtocol protocol = new BreakerProtocol(BreakerSettings.DEFAULTS);

    abstract BreakerStore store();

    @Test
    void anEndpointThatWasNeverWrittenIsClosed() {
        assertThat(store().read(endpoint)).isEqualTo(BreakerState.INITIAL);
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
        assertThat(answer)
                .as("seed %d: %s in %s", seed, step, model)
                .isEqualTo(new Answer(step.applyTo(model).isPresent(), expected));
        assertThat(store().read(endpoint)).isEqualTo(expected);
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
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> new BreakerEvent.CallWanted(permit, now.plusSeconds(random.nextInt(60)));
            case 3, 4 -> new BreakerEvent.CallsEnded(state.epoch(), anyTally(random, now));
            case 5 -> new BreakerEvent.Examined(random.nextDouble(), null);
            case 6, 7, 8 -> new BreakerEvent.ProbeSucceeded(state.epoch(), slot, permit);
            case 9 -> new BreakerEvent.ProbeIgnored(state.epoch(), slot, permit);
            case 10 ->
                random.nextInt(4) == 0
                        ? new BreakerEvent.ProbeFailed(
                                state.epoch(), slot, permit, FailureKind.THROTTLED, "no", Duration.ofSeconds(3), 0.5)
                        : new BreakerEvent.ProbeSucceeded(state.epoch(), slot, permit);
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
        Tally tally = Tally.EMPTY;
        int calls = random.nextInt(12);
        for (int call = 0; call < calls; call++) {
            tally = tally.and(protocol.bucketAt(now.minusMillis(random.nextInt(70_000))), random.nextInt(3) > 0);
        }
        return tally;
    }

    @Test
    void concurrentCountsAllCount() throws Exception {
        Tally one = Tally.EMPTY.and(100, true);

        atOnce(50, () -> store().apply(endpoint, new Step.Count(0, one, List.of())));

        assertThat(((BreakerState.Closed) store().read(endpoint)).window().since(0))
                .isEqualTo(new Counts(50, 0));
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
                                            1, START, START.plusSeconds(60), OpenReason.FAILURE_RATE, detail, 0)));
        });

        assertThat(answers).filteredOn(Answer::made).hasSize(1);
        assertThat(answers).extracting(Answer::state).containsOnly(store().read(endpoint));
    }

    @Test
    void ofManyPermitsForOneSlotOneIsGranted() throws Exception {
        BreakerState.HalfOpen stage =
                new BreakerState.HalfOpen(1, START, 0, List.of(BreakerState.Slot.FREE), OpenReason.FAILURE_RATE, 0);
        store().apply(endpoint, new Step.MoveTo(0, stage));
        AtomicLong number = new AtomicLong();

        List<Answer> answers = atOnce(50, () -> {
            var grant = new BreakerState.Slot.Held("permit-" + number.incrementAndGet(), START.plusSeconds(10));
            return store().apply(endpoint, new Step.GrantSlot(1, 0, grant, START));
        });

        assertThat(answers).filteredOn(Answer::made).hasSize(1);
    }

    @Test
    void keepsTransitionsNewestFirst() {
        for (int epoch = 1; epoch <= 12; epoch++) {
            store().remember(endpoint, transition(epoch));
        }

        assertThat(store().history(endpoint, 10))
                .isEqualTo(IntStream.iterate(12, epoch -> epoch - 1)
                        .limit(10)
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
                        BreakerSettings.DEFAULTS, store(), () -> START.plusSeconds(seconds.get()), new Random(seed)))
                .toList();
        for (int call = 0; call < 5; call++) {
            permit(workers.get(call % 2), model).end(new Outcome.Failure(FailureKind.THROTTLED, "slow down", null));
            workers.get(call % 2).flush();
        }
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
