package io.breakwater.breaker;

import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.BreakerState.HalfOpen;
import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.breaker.BreakerState.Outage;
import io.breakwater.breaker.Decision.Verdict;
import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A breaker and a few workers as one value, and everything that can happen next. Each worker goes through the same
 * {@link BreakerProtocol#decide} and {@link Step#applyTo} as in the fleet, with a gap between the two in which all others
 * may act.
 *
 * @param minute time, in steps of one minute
 * @param stored what the store has
 */
record SmallWorld(int minute, BreakerState stored, List<Worker> workers) {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration CALL = Duration.ofSeconds(50);

    static final BreakerSettings SETTINGS = new BreakerSettings(
            1,
            Duration.ofMinutes(1),
            1,
            1,
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            List.of(1, 2),
            0,
            Optional.empty(),
            BreakerSettings.Mode.ENFORCE);

    private static final BreakerProtocol PROTOCOL = new BreakerProtocol(SETTINGS);

    SmallWorld {
        workers = List.copyOf(workers);
    }

    /** Open, with its cooldown over in a minute, as every worker knows; each may still want so many calls. */
    static SmallWorld open(int workers, int calls) {
        Open open = new Open(
                1,
                START,
                START.plus(SETTINGS.cooldown()),
                OpenReason.FAILURE_RATE,
                "",
                new Outage(START, Optional.empty(), 0));
        return new SmallWorld(
                0,
                open,
                IntStream.range(0, workers)
                        .mapToObj(number -> new Worker(number, open, calls, Optional.empty(), Optional.empty()))
                        .toList());
    }

    /**
     * A worker.
     *
     * @param heard the state as it last heard of it
     * @param callsLeft calls that it may still want
     * @param proposal what it sent and has no answer to
     * @param call the call that it makes
     */
    record Worker(int number, BreakerState heard, int callsLeft, Optional<Proposal> proposal, Optional<Call> call) {
        Worker hears(BreakerState state) {
            return new Worker(number, state, callsLeft, proposal, call);
        }

        Worker without(Optional<Proposal> next) {
            return new Worker(number, heard, callsLeft, next, call);
        }

        Worker calls(Optional<Call> next) {
            return new Worker(number, heard, callsLeft, proposal, next);
        }
    }

    /** A step on its way to the store, and the event that called for it. */
    record Proposal(BreakerEvent event, Step step, Verdict verdict) {}

    /** A call on its way: of this epoch, as a probe in a slot if it is one, over by {@code lastMinute}. */
    record Call(long epoch, Optional<Verdict.Probing> probe, int lastMinute) {}

    Instant now() {
        return START.plus(Duration.ofMinutes(minute));
    }

    /** Everything that can happen next. */
    List<SmallWorld> next(int lastMinute) {
        List<SmallWorld> next = new ArrayList<>();
        if (minute < lastMinute) {
            next.add(aMinuteLater());
        }
        for (Worker worker : workers) {
            if (worker.proposal().isPresent()) {
                Proposal proposal = worker.proposal().get();
                next.add(delivered(worker, proposal));
                next.add(answerLost(worker, proposal));
                next.add(with(worker.without(Optional.empty())));
            } else {
                next.add(with(worker.hears(stored)));
                if (worker.call().isPresent()) {
                    Call call = worker.call().get();
                    next.add(decided(worker.calls(Optional.empty()), success(call)));
                    next.add(decided(worker.calls(Optional.empty()), failure(call)));
                    next.add(with(worker.calls(Optional.empty())));
                } else if (worker.callsLeft() > 0) {
                    next.add(wants(worker));
                }
            }
        }
        return next;
    }

    /** Calls whose time is over have ended by then, unheard. */
    SmallWorld aMinuteLater() {
        return new SmallWorld(
                minute + 1,
                stored,
                workers.stream()
                        .map(worker -> worker.calls(worker.call().filter(call -> call.lastMinute() > minute)))
                        .toList());
    }

    SmallWorld wants(Worker worker) {
        BreakerEvent wanted = new BreakerEvent.CallWanted(
                worker.number() + "-" + worker.callsLeft(),
                now().plus(CALL).plus(Duration.ofSeconds(4)),
                Duration.ZERO);
        return decided(
                new Worker(worker.number(), worker.heard(), worker.callsLeft() - 1, Optional.empty(), Optional.empty()),
                wanted);
    }

    private static BreakerEvent success(Call call) {
        return call.probe()
                .<BreakerEvent>map(
                        probe -> new BreakerEvent.ProbeSucceeded(probe.epoch(), probe.slot(), probe.permitId(), CALL))
                .orElseGet(() -> new BreakerEvent.CallsCounted(
                        call.epoch(), new Tally(new TreeMap<>(), true, 0, Optional.empty())));
    }

    private BreakerEvent failure(Call call) {
        Window own = new Window(
                new TreeMap<>(Map.of(PROTOCOL.buckets().at(now()), new Counts(1, 1))),
                1,
                Optional.of(FailureKind.TIMEOUT));
        return call.probe()
                .<BreakerEvent>map(probe -> new BreakerEvent.ProbeFailed(
                        probe.epoch(), probe.slot(), probe.permitId(), FailureKind.TIMEOUT, "", null, 0))
                .orElseGet(() -> new BreakerEvent.OwnCallFailed(call.epoch(), own, true, 0, null));
    }

    private SmallWorld decided(Worker worker, BreakerEvent event) {
        Decision decision = PROTOCOL.decide(worker.heard(), event, now());
        return decision.step()
                .map(step -> with(worker.without(Optional.of(new Proposal(event, step, decision.verdict())))))
                .orElseGet(() -> with(told(worker, decision.verdict())));
    }

    private Worker told(Worker worker, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Admitted admitted ->
                worker.calls(Optional.of(new Call(admitted.epoch(), Optional.empty(), minute)));
            case Verdict.Probing probe ->
                worker.calls(Optional.of(new Call(probe.epoch(), Optional.of(probe), minute)));
            case Verdict.Refused _, Verdict.Noted _ -> worker;
        };
    }

    /** The store makes the step and says so, or says what stood in its way, and the worker decides again. */
    SmallWorld delivered(Worker worker, Proposal proposal) {
        Optional<BreakerState> made = proposal.step().applyTo(stored);
        Worker answered = worker.without(Optional.empty()).hears(made.orElse(stored));
        if (made.isEmpty()) {
            return decided(answered, proposal.event());
        }
        SmallWorld after = new SmallWorld(minute, made.get(), workers);
        if (proposal.event() instanceof BreakerEvent.CallWanted wanted
                && proposal.verdict() instanceof Verdict.Probing probe
                && now().plus(CALL).plus(FleetBreaker.LEASE_REST).isAfter(wanted.leaseEnd())) {
            return after.decided(
                    answered, new BreakerEvent.ProbeIgnored(probe.epoch(), probe.slot(), probe.permitId()));
        }
        Worker told = after.told(answered, proposal.verdict());
        return proposal.step() instanceof Step.SettleSlot
                ? after.decided(told, new BreakerEvent.Examined(0, null))
                : after.with(told);
    }

    private SmallWorld answerLost(Worker worker, Proposal proposal) {
        BreakerState after = proposal.step().applyTo(stored).orElse(stored);
        return new SmallWorld(minute, after, workers).with(worker.without(Optional.empty()));
    }

    private SmallWorld with(Worker changed) {
        return new SmallWorld(
                minute,
                stored,
                workers.stream()
                        .map(worker -> worker.number() == changed.number() ? changed : worker)
                        .toList());
    }

    /** What is wrong with this world, if anything is. */
    Optional<String> flaw() {
        if (stored instanceof HalfOpen halfOpen) {
            long probes = workers.stream()
                    .flatMap(worker -> worker.call().stream())
                    .flatMap(call -> call.probe().stream())
                    .filter(probe -> probe.epoch() == stored.epoch())
                    .count();
            if (probes > halfOpen.slots().size()) {
                return Optional.of(
                        probes + " probes in a stage of " + halfOpen.slots().size());
            }
        }
        return workers.stream().anyMatch(worker -> worker.heard().epoch() > stored.epoch())
                ? Optional.of("a worker heard of an epoch that never was")
                : Optional.empty();
    }

    /** What is wrong with a step from this world to the next, if anything is. */
    Optional<String> flawTo(SmallWorld next) {
        if (next.stored.epoch() == stored.epoch() + 1 && next.stored instanceof Closed) {
            boolean earned = stored instanceof HalfOpen halfOpen && halfOpen.isComplete() && halfOpen.stage() == 1;
            return earned ? Optional.empty() : Optional.of("closed without its probes: " + stored);
        }
        return next.stored.epoch() < stored.epoch() || next.stored.epoch() > stored.epoch() + 1
                ? Optional.of("epoch " + next.stored.epoch() + " after " + stored.epoch())
                : Optional.empty();
    }

    /** Whether one worker, with an endpoint that is well and nobody in the way, gets this closed in a few calls. */
    boolean canRecover() {
        SmallWorld world = this;
        for (int calls = 0; calls < 12; calls++) {
            if (world.stored instanceof Closed) {
                return true;
            }
            world = world.aMinuteLater().aMinuteLater();
            Worker fresh = new Worker(0, world.stored, 100 + calls, Optional.empty(), Optional.empty());
            world = world.with(fresh).wants(fresh).settled();
            Worker first = world.workers.getFirst();
            if (first.call().isPresent()) {
                world = world.decided(
                                first.calls(Optional.empty()),
                                success(first.call().get()))
                        .settled();
            }
        }
        return world.stored instanceof Closed;
    }

    /** After every proposal of the first worker has been answered. */
    private SmallWorld settled() {
        SmallWorld world = this;
        while (world.workers.getFirst().proposal().isPresent()) {
            Worker first = world.workers.getFirst();
            world = world.delivered(first, first.proposal().get());
        }
        return world;
    }
}
