package io.breakwater.breaker;

import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.BreakerState.HalfOpen;
import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.breaker.BreakerStore.Answer;
import io.breakwater.breaker.Decision.Verdict;
import io.breakwater.model.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One worker's view of one endpoint's breaker: what it last heard, and what it has not told yet.
 *
 * <p>Where calls go well no lock is taken: a call is admitted by what was last heard, and its success leaves a mark.
 * Everything else happens under the lock, store calls too, so that of a worker's many threads one asks and the others
 * find the answer. Listeners are told when the lock is free again.
 */
final class EndpointBreaker {
    /** Lost races after which a worker leaves the matter to the winners. */
    private static final int MAX_TRIES = 5;

    private final Endpoint endpoint;
    private final BreakerSettings settings;
    private final BreakerProtocol protocol;
    private final Window.Buckets buckets;
    private final FleetBreaker.Timing timing;
    private final BreakerStore store;
    private final StoreClock clock;
    private final DoubleSupplier jitter;
    private final Supplier<String> permitIds;
    private final BreakerListener listener;

    private final ReentrantLock lock = new ReentrantLock();
    private volatile Heard heard =
            new Heard(BreakerState.INITIAL, Long.MAX_VALUE, Long.MIN_VALUE, false, new OwnCalls(0));
    private final List<Notice> notices = new ArrayList<>();
    private long lastTold;
    private int reserved;
    private boolean alone;
    private boolean madeAlone;
    private boolean heardAnew;
    private @Nullable LastClosed lastClosed;

    EndpointBreaker(
            Endpoint endpoint,
            BreakerSettings settings,
            BreakerProtocol protocol,
            FleetBreaker.Timing timing,
            BreakerStore store,
            StoreClock clock,
            DoubleSupplier jitter,
            Supplier<String> permitIds,
            BreakerListener listener) {
        this.endpoint = endpoint;
        this.settings = settings;
        this.protocol = protocol;
        this.buckets = protocol.buckets();
        this.timing = timing;
        this.store = store;
        this.clock = clock;
        this.jitter = jitter;
        this.permitIds = permitIds;
        this.listener = listener;
    }

    /** A state, when it was heard and until when it may be acted on, and what this worker did in its epoch. */
    private record Heard(BreakerState state, long at, long freshUntil, boolean admitsFreely, OwnCalls own) {
        /** A clock that went backwards makes nothing fresh. */
        boolean isFresh(long now) {
            return now < freshUntil && now >= at;
        }
    }

    /** What was last known of the calls of the endpoint while it was closed. */
    private record LastClosed(Closed state, Tally untold, long heardAt) {}

    Admission admit(Duration callTimeout, Supplier<Duration> probeSpacing) {
        long now = clock.millis();
        Admission remembered = fromMemory(now);
        if (remembered != null) {
            return remembered;
        }
        Admission answer = locked(() -> askUnlessProbing(now, callTimeout));
        if (answer != null) {
            return answer;
        }
        // Asked without the lock: whoever answers may ask this breaker.
        Duration spacing = probeSpacing.get();
        return locked(() -> ask(callTimeout, spacing));
    }

    /** Shadow mode: probes are real, a refusal is only told. */
    Admission admitInAnyCase(Duration callTimeout, Supplier<Duration> probeSpacing) {
        return switch (admit(callTimeout, probeSpacing)) {
            case Admission.Permit permit -> permit;
            case Admission.Refusal refusal -> {
                listener.on(new Notice.WouldRefuse(endpoint, refusal));
                yield (Admission.Permit) _ -> {};
            }
        };
    }

    private @Nullable Admission fromMemory(long now) {
        Heard last = heard;
        if (!last.isFresh(now)) {
            return null;
        }
        if (last.admitsFreely()) {
            OwnCalls.Cell cell = last.own().tryStart(buckets.at(now));
            return cell == null ? null : new CountedPermit(cell, now);
        }
        return last.state() instanceof Open open && now < open.until().toEpochMilli()
                ? new Admission.Refusal(open.name(), open.until())
                : null;
    }

    /** Null when the call may be one of a stage's probes: then it depends on how far apart they are to begin. */
    private @Nullable Admission askUnlessProbing(long asked, Duration callTimeout) {
        if (!heard.isFresh(asked)) {
            refresh();
        }
        return heard.state() instanceof HalfOpen ? null : ask(callTimeout, Duration.ZERO);
    }

    private Admission ask(Duration callTimeout, Duration spacing) {
        if (reserved > 0) {
            reserved--;
            return counted();
        }
        Instant leaseEnd = clock.instant().plus(callTimeout).plus(timing.leaseMargin());
        Verdict verdict = advance(new BreakerEvent.CallWanted(permitIds.get(), leaseEnd, spacing))
                .orElseGet(
                        () -> new Verdict.Refused(heard.state(), clock.instant().plus(timing.halfOpenFreshness())));
        return switch (verdict) {
            case Verdict.Admitted admitted -> {
                reserved = admitted.calls() - 1;
                yield counted();
            }
            case Verdict.Probing probing -> probe(probing, leaseEnd.minus(callTimeout));
            case Verdict.Refused(BreakerState state, Instant retryAt) -> new Admission.Refusal(state.name(), retryAt);
            case Verdict.Noted() -> throw new IllegalStateException("a wanted call is admitted or refused");
        };
    }

    private Admission counted() {
        long now = clock.millis();
        return new CountedPermit(heard.own().start(buckets.at(now)), now);
    }

    /** A probe that could outlast its lease is not begun: the store may have taken long to grant it. */
    private Admission probe(Verdict.Probing probing, Instant latestStart) {
        Instant now = clock.instant();
        if (now.plus(FleetBreaker.LEASE_REST).isAfter(latestStart)) {
            advance(new BreakerEvent.ProbeIgnored(probing.epoch(), probing.slot(), probing.permitId()));
            return new Admission.Refusal(heard.state().name(), now.plus(timing.halfOpenFreshness()));
        }
        return new ProbePermit(probing, now);
    }

    /** Tells what is untold now. */
    void flush() {
        locked(this::tell);
    }

    /** Tells what is untold, if it has waited long enough or opens the breaker. */
    void flushDue() {
        locked(() -> {
            long now = clock.millis();
            boolean due = now - lastTold >= timing.flushInterval().toMillis() || now < lastTold;
            if ((due && !heard.own().untold().isEmpty()) || wouldTrip()) {
                tell();
            }
        });
    }

    BreakerState refreshed() {
        return locked(() -> {
            refresh();
            return heard.state();
        });
    }

    RecentCalls recentCalls(Instant from) {
        return locked(() -> {
            noteClosed();
            return lastClosed == null ? RecentCalls.NONE : recentCalls(lastClosed, from);
        });
    }

    private RecentCalls recentCalls(LastClosed last, Instant from) {
        RecentCalls calls =
                protocol.recentCalls(last.state(), last.untold(), from, Instant.ofEpochMilli(last.heardAt()));
        return heard.state() instanceof Closed ? calls : calls.notClosed();
    }

    /** The calls of a closed endpoint are still asked for when it has opened. */
    private void noteClosed() {
        if (heard.state() instanceof Closed closed && heard.at() <= clock.millis()) {
            lastClosed = new LastClosed(closed, heard.own().untold(), heard.at());
        }
    }

    boolean takesOnlyProbes() {
        return !(heard.state() instanceof Closed);
    }

    boolean anyProbeSucceeded() {
        return heard.state() instanceof HalfOpen halfOpen && halfOpen.anySucceeded();
    }

    /** The fleet's calls of the last window, and this worker's, told or not; empty while it is not closed. */
    Optional<Counts> callsNow() {
        return locked(() -> heard.state() instanceof Closed closed
                ? Optional.of(
                        protocol.lastWindow(closed.window().plus(heard.own().untold()), clock.instant()))
                : Optional.empty());
    }

    /** Until when no call is admitted, as far as was heard; half open or closed, one may be. */
    Optional<Instant> refusedUntil() {
        Heard last = heard;
        BreakerState state = last.isFresh(clock.millis()) ? last.state() : locked(this::heardAfresh);
        return state instanceof Open open && clock.instant().isBefore(open.until())
                ? Optional.of(open.until())
                : Optional.empty();
    }

    /** Of many threads that wait for the lock one asks. */
    private BreakerState heardAfresh() {
        if (!heard.isFresh(clock.millis())) {
            refresh();
        }
        return heard.state();
    }

    /** The endpoint's region is lost: if it is closed, it opens. */
    void loseRegion(String detail) {
        locked(() -> {
            refresh();
            advance(new BreakerEvent.RegionLost(detail, jitter.getAsDouble()));
        });
    }

    /** Not made alone: an operator must know whether the fleet heard. */
    BreakerState override(StateOverride override) {
        return locked(() -> {
            madeAlone = false;
            hear(store.read(endpoint.id()).state());
            if (advance(new BreakerEvent.Overridden(override), step -> store.apply(endpoint.id(), step))
                    .isEmpty()) {
                throw new IllegalStateException(endpoint + " changed too often to be overridden; try again");
            }
            return heard.state();
        });
    }

    private void failed(OwnCalls.Cell cell, Outcome.Failure failure) {
        OwnCalls own = heard.own();
        if (cell.owner() != own) {
            return;
        }
        if (BreakerProtocol.isDecisive(failure.kind())) {
            advance(new BreakerEvent.EndpointLost(own.epoch(), failure.kind(), failure.detail()));
            return;
        }
        own.failed(cell, buckets.firstAddedTo(clock.instant()), failure.kind(), failure.retryAfter());
        advance(new BreakerEvent.OwnCallFailed(
                own.epoch(), own.window(), alone, jitter.getAsDouble(), own.retryAfter()));
        if (wouldTrip()) {
            tell();
        }
    }

    private void ignored(OwnCalls.Cell cell) {
        if (cell.owner() == heard.own()) {
            heard.own().ignored(cell);
        }
    }

    private void probeEnded(ProbePermit permit, Outcome outcome) {
        Verdict.Probing probe = permit.probe;
        advance(
                switch (outcome) {
                    case Outcome.Success() ->
                        new BreakerEvent.ProbeSucceeded(
                                probe.epoch(),
                                probe.slot(),
                                probe.permitId(),
                                Duration.between(permit.start, clock.instant()));
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
    }

    /** Whether what the fleet knows and what it has not heard from this worker open the breaker together. */
    private boolean wouldTrip() {
        Heard last = heard;
        return last.state() instanceof Closed closed
                && protocol.wouldTrip(closed, last.own().untold(), clock.instant());
    }

    /** Sends what is untold, once: if the answer gets lost, so is the tally, as counting it twice could open the breaker. */
    private void tell() {
        OwnCalls own = heard.own();
        Tally tally = own.untold();
        Duration retryAfter = own.retryAfter();
        own.told(tally, buckets.firstKept(clock.instant()));
        heardAnew = false;
        if (isNews(tally)) {
            lastTold = clock.millis();
            advance(new BreakerEvent.CallsCounted(own.epoch(), tally));
        }
        // A state heard earlier lacks what others have told since: the fleet's calls are judged as they stand now.
        if (heardAnew) {
            advance(new BreakerEvent.Examined(jitter.getAsDouble(), retryAfter));
        } else if (wouldTrip()) {
            refresh();
        }
    }

    /** A success alone only ends a row of failures. */
    private boolean isNews(Tally tally) {
        return !tally.buckets().isEmpty()
                || (tally.anySuccess()
                        && heard.state() instanceof Closed closed
                        && closed.window().failuresInARow() > 0);
    }

    private Optional<Verdict> advance(BreakerEvent event) {
        return advance(event, this::make);
    }

    /**
     * Decides and makes steps until the event has been dealt with on the state that stands. Empty when others were
     * faster too often.
     */
    private Optional<Verdict> advance(BreakerEvent event, Function<Step, Answer> maker) {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            BreakerState before = heard.state();
            Decision decision = protocol.decide(before, event, clock.instant());
            if (decision.step().isEmpty()) {
                return Optional.of(decision.verdict());
            }
            Step step = decision.step().get();
            Answer answer = maker.apply(step);
            hear(answer.state());
            if (answer.made()) {
                follow(step, before, answer.state());
                return Optional.of(decision.verdict());
            }
        }
        return Optional.empty();
    }

    private void follow(Step step, BreakerState before, BreakerState after) {
        switch (step) {
            case Step.MoveTo _ when madeAlone -> {}
            case Step.MoveTo move ->
                notices.add(new Notice.Moved(endpoint, BreakerProtocol.transition(before, move), after));
            case Step.SettleSlot _ -> advance(new BreakerEvent.Examined(jitter.getAsDouble(), null));
            case Step.Count _, Step.GrantSlot _, Step.Reserve _ -> {}
        }
    }

    private Answer make(Step step) {
        madeAlone = false;
        try {
            return alone ? backInTouch() : timed(() -> store.apply(endpoint.id(), step));
        } catch (RuntimeException e) {
            return unanswered(step, e);
        }
    }

    /** What a worker made up alone is no ground for a step: it asks what the fleet has, and decides again on that. */
    private Answer backInTouch() {
        BreakerState found = read();
        alone = false;
        hear(found, new OwnCalls(found.epoch()));
        notices.add(new Notice.StoreFound(endpoint));
        return Answer.of(false, found);
    }

    /** The store may have made the step or not. If it can be read, it says; if not, this worker goes on alone. */
    private Answer unanswered(Step step, RuntimeException cause) {
        if (step instanceof Step.Count count) {
            Counts lost = count.tally().buckets().values().stream().reduce(Counts.NONE, Counts::plus);
            notices.add(new Notice.CountsDropped(endpoint, lost));
        } else if (!alone) {
            try {
                BreakerState found = read();
                return Answer.of(step.showsIn(found), found);
            } catch (RuntimeException e) {
                cause.addSuppressed(e);
            }
        }
        goAlone(cause);
        madeAlone = true;
        BreakerState found = heard.state();
        Optional<BreakerState> next = step.applyTo(found);
        return Answer.of(next.isPresent(), next.orElse(found));
    }

    private void refresh() {
        try {
            if (alone) {
                backInTouch();
            } else {
                hear(read());
            }
        } catch (RuntimeException e) {
            goAlone(e);
            hear(heard.state());
        }
        if (heard.state() instanceof Open open) {
            notices.add(new Notice.StillOpen(endpoint, open));
        } else {
            advance(new BreakerEvent.Examined(jitter.getAsDouble(), null));
        }
    }

    private BreakerState read() {
        return timed(() -> store.read(endpoint.id())).state();
    }

    private Answer timed(Supplier<Answer> request) {
        long sentAt = clock.uncorrected();
        Answer answer = request.get();
        answer.time().ifPresent(time -> clock.learn(sentAt, clock.uncorrected(), time));
        return answer;
    }

    private void hear(BreakerState state) {
        OwnCalls own = heard.own();
        if (own.epoch() != state.epoch()) {
            own = new OwnCalls(state.epoch());
            if (alone) {
                own.seal();
            }
        }
        hear(state, own);
    }

    private void hear(BreakerState state, OwnCalls own) {
        if (!(state instanceof Closed)) {
            noteClosed();
        }
        if (own != heard.own()) {
            reserved = 0;
            lastTold = 0;
        }
        heardAnew = true;
        Instant now = clock.instant();
        boolean paced = state instanceof Closed closed && closed.isPaced(now);
        Instant freshUntil = now.plus(timing.freshness(state, paced));
        heard = new Heard(state, now.toEpochMilli(), freshUntil.toEpochMilli(), state instanceof Closed && !paced, own);
    }

    private void goAlone(RuntimeException cause) {
        heard.own().seal();
        if (!alone) {
            alone = true;
            notices.add(new Notice.StoreLost(endpoint, cause));
        }
    }

    private void locked(Runnable action) {
        locked(() -> {
            action.run();
            return true;
        });
    }

    private <T> T locked(Supplier<T> action) {
        List<Notice> heardNow;
        T answer;
        lock.lock();
        try {
            answer = action.get();
        } finally {
            heardNow = List.copyOf(notices);
            notices.clear();
            lock.unlock();
        }
        heardNow.forEach(listener::on);
        return answer;
    }

    /** A permit of a closed endpoint: its outcome is counted. */
    private final class CountedPermit extends OncePermit {
        private final OwnCalls.Cell cell;
        private final long start;

        private CountedPermit(OwnCalls.Cell cell, long start) {
            this.cell = cell;
            this.start = start;
        }

        @Override
        void endOnce(Outcome outcome) {
            switch (settings.judged(outcome, () -> Duration.ofMillis(clock.millis() - start))) {
                case Outcome.Success() -> cell.owner().succeeded();
                case Outcome.Ignored() -> locked(() -> ignored(cell));
                case Outcome.Failure failure -> locked(() -> failed(cell, failure));
            }
        }
    }

    /** A permit for a probe: its outcome is told at once. */
    private final class ProbePermit extends OncePermit {
        private final Verdict.Probing probe;
        private final Instant start;

        private ProbePermit(Verdict.Probing probe, Instant start) {
            this.probe = probe;
            this.start = start;
        }

        @Override
        public boolean isProbe() {
            return true;
        }

        @Override
        void endOnce(Outcome outcome) {
            Outcome judged = settings.judged(outcome, () -> Duration.between(start, clock.instant()));
            locked(() -> probeEnded(this, judged));
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
