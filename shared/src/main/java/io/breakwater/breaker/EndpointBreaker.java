package io.breakwater.breaker;

import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.Decision.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker's view of one endpoint's breaker: what it last heard, and what it has not told yet.
 *
 * <p>Store calls are made under the lock, so that of a worker's many threads one asks and the others find the answer.
 * Admission to a closed endpoint does not take the lock.
 */
final class EndpointBreaker {
    private static final Logger LOG = LoggerFactory.getLogger(FleetBreaker.class);

    /** Lost races after which a worker leaves the matter to the winners. */
    private static final int MAX_TRIES = 5;

    private final String endpointId;
    private final BreakerProtocol protocol;
    private final BreakerStore store;
    private final InstantSource clock;
    private final DoubleSupplier jitter;
    private final Supplier<String> permitIds;

    private final ReentrantLock lock = new ReentrantLock();
    private volatile Heard heard = new Heard(BreakerState.INITIAL, Instant.MIN, Instant.MIN);
    private Untold untold = Untold.NOTHING;
    private boolean alone;

    EndpointBreaker(
            String endpointId,
            BreakerProtocol protocol,
            BreakerStore store,
            InstantSource clock,
            DoubleSupplier jitter,
            Supplier<String> permitIds) {
        this.endpointId = endpointId;
        this.protocol = protocol;
        this.store = store;
        this.clock = clock;
        this.jitter = jitter;
        this.permitIds = permitIds;
    }

    Admission admit(Duration callTimeout) {
        Instant now = clock.instant();
        Heard last = heard;
        if (last.state() instanceof Closed closed && last.isFresh(now)) {
            return new CountedPermit(closed.epoch());
        }
        lock.lock();
        try {
            refreshIfStale(now);
            Instant leaseEnd = clock.instant().plus(callTimeout).plus(FleetBreaker.LEASE_MARGIN);
            Verdict verdict = advance(new BreakerEvent.CallWanted(permitIds.get(), leaseEnd))
                    .orElseGet(() -> new Verdict.Refused(heard.state(), heard.freshUntil()));
            return switch (verdict) {
                case Verdict.Admitted(long epoch) -> new CountedPermit(epoch);
                case Verdict.Probing probing -> new ProbePermit(probing);
                case Verdict.Refused(BreakerState state, Instant retryAt) ->
                    new Admission.Refusal(state.name(), retryAt);
                case Verdict.Noted() -> throw new IllegalStateException("a wanted call is admitted or refused");
            };
        } finally {
            lock.unlock();
        }
    }

    /** Shadow mode: probes are real, a refusal is only logged. */
    Admission admitInAnyCase(Duration callTimeout) {
        return switch (admit(callTimeout)) {
            case Admission.Permit permit -> permit;
            case Admission.Refusal refusal -> {
                LOG.info("{} would refuse a call: {} until {}", endpointId, refusal.state(), refusal.retryAt());
                yield (Admission.Permit) _ -> {};
            }
        };
    }

    void flush() {
        lock.lock();
        try {
            tell();
        } finally {
            lock.unlock();
        }
    }

    BreakerState refreshed() {
        lock.lock();
        try {
            refresh();
            return heard.state();
        } finally {
            lock.unlock();
        }
    }

    /** Not made alone: an operator must know whether the fleet heard. */
    BreakerState override(StateOverride override) {
        lock.lock();
        try {
            hear(store.read(endpointId), clock.instant());
            if (advance(new BreakerEvent.Overridden(override), step -> store.apply(endpointId, step))
                    .isEmpty()) {
                throw new IllegalStateException(endpointId + " changed too often to be overridden; try again");
            }
            return heard.state();
        } finally {
            lock.unlock();
        }
    }

    private void ended(long epoch, Outcome outcome) {
        lock.lock();
        try {
            switch (outcome) {
                case Outcome.Success() -> count(epoch, true, null);
                case Outcome.Ignored() -> {}
                case Outcome.Failure failure
                when BreakerProtocol.isDecisive(failure.kind()) ->
                    advance(new BreakerEvent.EndpointLost(epoch, failure.kind(), failure.detail()));
                case Outcome.Failure failure -> count(epoch, false, failure.retryAfter());
            }
        } finally {
            lock.unlock();
        }
    }

    private void probeEnded(Verdict.Probing probe, Outcome outcome) {
        lock.lock();
        try {
            advance(
                    switch (outcome) {
                        case Outcome.Success() ->
                            new BreakerEvent.ProbeSucceeded(probe.epoch(), probe.slot(), probe.permitId());
                        case Outcome.Ignored() ->
                            new BreakerEvent.ProbeIgnored(probe.epoch(), probe.slot(), probe.permitId());
                        case Outcome.Failure failure ->
                            new BreakerEvent.ProbeFailed(
                                    probe.epoch(),
                                    probe.slot(),
                                    probe.permitId(),
                                    failure.kind(),
                                    failure.detail(),
                                    failure.retryAfter(),
                                    jitter.getAsDouble());
                    });
        } finally {
            lock.unlock();
        }
    }

    private void count(long epoch, boolean success, @Nullable Duration retryAfter) {
        Instant now = clock.instant();
        untold = untold.in(epoch).and(protocol.bucketAt(now), success, retryAfter, now);
        if (untold.isDue(now) || wouldTrip(now)) {
            tell();
        }
    }

    /** Whether what the fleet knows and what it has not heard from this worker open the breaker together. */
    private boolean wouldTrip(Instant now) {
        return heard.state() instanceof Closed closed
                && closed.epoch() == untold.epoch()
                && !closed.isPinned(now)
                && protocol.tripReason(closed.window().plus(untold.tally()), now)
                        .isPresent();
    }

    /** Sends what is untold, once: if the answer gets lost, so is the tally, as counting it twice could open the breaker. */
    private void tell() {
        Untold told = untold;
        untold = Untold.NOTHING;
        if (!told.tally().isEmpty()) {
            advance(new BreakerEvent.CallsEnded(told.epoch(), told.tally()));
            advance(new BreakerEvent.Examined(jitter.getAsDouble(), told.retryAfter()));
        }
    }

    private Optional<Verdict> advance(BreakerEvent event) {
        return advance(event, this::make);
    }

    /**
     * Decides and makes steps until the event has been dealt with on the state that stands. Empty when others were
     * faster too often.
     */
    private Optional<Verdict> advance(BreakerEvent event, Function<Step, BreakerStore.Answer> maker) {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            BreakerState before = heard.state();
            Instant now = clock.instant();
            Decision decision = protocol.decide(before, event, now);
            if (decision.step().isEmpty()) {
                return Optional.of(decision.verdict());
            }
            Step step = decision.step().get();
            BreakerStore.Answer answer = maker.apply(step);
            hear(answer.state(), now);
            if (answer.made()) {
                follow(step, before, answer.state(), now);
                return Optional.of(decision.verdict());
            }
        }
        return Optional.empty();
    }

    private void follow(Step step, BreakerState before, BreakerState after, Instant now) {
        switch (step) {
            case Step.MoveTo _ -> announce(protocol.transition(before, after, now));
            case Step.SettleSlot _ -> advance(new BreakerEvent.Examined(jitter.getAsDouble(), null));
            case Step.Count _, Step.GrantSlot _ -> {}
        }
    }

    private void announce(Transition transition) {
        LOG.info("{} {}", endpointId, transition.describe());
        try {
            store.remember(endpointId, transition);
        } catch (RuntimeException e) {
            LOG.warn("{} could not keep its transition {}: {}", endpointId, transition.epoch(), e.toString());
        }
    }

    private BreakerStore.Answer make(Step step) {
        try {
            return backInTouch(store.apply(endpointId, step));
        } catch (RuntimeException e) {
            goAlone(e);
            BreakerState found = heard.state();
            Optional<BreakerState> next = step.applyTo(found);
            return new BreakerStore.Answer(next.isPresent(), next.orElse(found));
        }
    }

    private void refreshIfStale(Instant now) {
        if (!heard.isFresh(now)) {
            refresh();
        }
    }

    private void refresh() {
        Instant now = clock.instant();
        try {
            hear(backInTouch(store.read(endpointId)), now);
        } catch (RuntimeException e) {
            goAlone(e);
            hear(heard.state(), now);
        }
    }

    private void hear(BreakerState state, Instant now) {
        heard = new Heard(state, now, FleetBreaker.freshUntil(state, now));
    }

    private <T> T backInTouch(T answer) {
        if (alone) {
            LOG.info("{} reaches the breaker store again", endpointId);
            alone = false;
        }
        return answer;
    }

    private void goAlone(RuntimeException cause) {
        if (!alone) {
            LOG.warn("{} goes on with what it last heard: the breaker store fails", endpointId, cause);
            alone = true;
        }
    }

    /** A state, when it was heard, and until when it may be acted on. */
    private record Heard(BreakerState state, Instant at, Instant freshUntil) {
        /** A clock that went backwards makes nothing fresh. */
        boolean isFresh(Instant now) {
            return now.isBefore(freshUntil) && !now.isBefore(at);
        }
    }

    /** Outcomes that the fleet has not heard of, all of one epoch. */
    private record Untold(
            long epoch,
            Tally tally,
            Instant since,
            @Nullable Duration retryAfter) {
        static final Untold NOTHING = new Untold(-1, Tally.EMPTY, Instant.MAX, null);

        /** This if it is of the epoch; outcomes of another are void. */
        Untold in(long wanted) {
            return epoch == wanted ? this : new Untold(wanted, Tally.EMPTY, Instant.MAX, null);
        }

        Untold and(long bucket, boolean success, @Nullable Duration asked, Instant now) {
            Duration longest =
                    retryAfter == null || (asked != null && asked.compareTo(retryAfter) > 0) ? asked : retryAfter;
            return new Untold(epoch, tally.and(bucket, success), tally.isEmpty() ? now : since, longest);
        }

        boolean isDue(Instant now) {
            return !tally.isEmpty() && !now.isBefore(since.plus(FleetBreaker.FLUSH_INTERVAL));
        }
    }

    /** A permit of a closed endpoint: its outcome is counted. */
    private final class CountedPermit extends OncePermit {
        private final long epoch;

        private CountedPermit(long epoch) {
            this.epoch = epoch;
        }

        @Override
        void endOnce(Outcome outcome) {
            ended(epoch, outcome);
        }
    }

    /** A permit for a probe: its outcome is told at once. */
    private final class ProbePermit extends OncePermit {
        private final Verdict.Probing probe;

        private ProbePermit(Verdict.Probing probe) {
            this.probe = probe;
        }

        @Override
        void endOnce(Outcome outcome) {
            probeEnded(probe, outcome);
        }
    }

    private abstract static sealed class OncePermit implements Admission.Permit {
        private final AtomicBoolean ended = new AtomicBoolean();

        @Override
        public final void end(Outcome outcome) {
            if (ended.compareAndSet(false, true)) {
                endOnce(outcome);
            }
        }

        abstract void endOnce(Outcome outcome);
    }
}
