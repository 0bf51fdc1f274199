package io.breakwater.breaker;

import java.util.List;

/** Where the fleet keeps what it knows about each endpoint. Every call may throw when the store cannot be reached. */
public interface BreakerStore {
    /** The state as it stands, read consistently; {@link BreakerState#INITIAL} when nothing was ever written. */
    BreakerState read(String endpointId);

    /**
     * Makes the step if its conditions hold; see {@link Step#applyTo}. Never retried by the store: an answer that got
     * lost leaves the caller in doubt, and counting twice could open a breaker.
     */
    Answer apply(String endpointId, Step step);

    /** Keeps a transition for operators to read. */
    void remember(String endpointId, Transition transition);

    /** The latest transitions, newest first. */
    List<Transition> history(String endpointId, int limit);

    /**
     * What became of a step.
     *
     * @param made whether it was
     * @param state what stands now: after the step when it was made, otherwise what was found instead
     */
    record Answer(boolean made, BreakerState state) {}
}
