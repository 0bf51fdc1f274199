package io.breakwater.breaker;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where the fleet keeps what it knows about each endpoint. Every call may throw when the store cannot be reached. */
public interface BreakerStore {
    /** The state as it stands, read consistently; {@link BreakerState#INITIAL} when nothing was ever written. */
    Answer read(String endpointId);

    /**
     * Makes the step if its conditions hold; see {@link Step#applyTo}. Never retried by the store: an answer that got
     * lost leaves the caller in doubt, and counting twice could open a breaker.
     */
    Answer apply(String endpointId, Step step);

    /** Keeps a transition for operators to read, and forgets those more than {@link #HISTORY_KEPT} before it. */
    void remember(String endpointId, Transition transition);

    /** The latest transitions, newest first, at most {@link #HISTORY_KEPT}. */
    List<Transition> history(String endpointId, int limit);

    int HISTORY_KEPT = 100;

    /**
     * What the store says.
     *
     * @param made whether the step was made; true for a read
     * @param state what stands now: after the step when it was made, otherwise what was found instead
     * @param time the store's clock, when it shows it
     */
    record Answer(boolean made, BreakerState state, Optional<StoreTime> time) {
        static Answer of(boolean made, BreakerState state) {
            return new Answer(made, state, Optional.empty());
        }
    }

    /** The store's clock when it answered: no earlier and no later than this. */
    record StoreTime(Instant earliest, Instant latest) {}
}
