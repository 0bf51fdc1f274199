package io.breakwater.breaker;

import io.breakwater.model.Endpoint;

/** Hears what becomes of the breakers, from the worker that saw it. Called without locks held; may call the breaker. */
@FunctionalInterface
public interface BreakerListener {
    BreakerListener NONE = _ -> {};

    void on(Notice notice);

    /** Tells this one, then the next. */
    default BreakerListener and(BreakerListener next) {
        return notice -> {
            on(notice);
            next.on(notice);
        };
    }

    /** What a worker saw of an endpoint. */
    sealed interface Notice {
        Endpoint endpoint();

        /** This worker moved it into another state, and the store has it: once for each transition of the fleet. */
        record Moved(Endpoint endpoint, Transition transition, BreakerState state) implements Notice {}

        /** This worker heard again that it is open. */
        record StillOpen(Endpoint endpoint, BreakerState.Open state) implements Notice {}

        /** The store could not be reached: this worker goes on alone. */
        record StoreLost(Endpoint endpoint, RuntimeException cause) implements Notice {}

        /** The store was reached again. */
        record StoreFound(Endpoint endpoint) implements Notice {}

        /** Counts got lost on their way to the store, or their answer did. They are not sent again. */
        record CountsDropped(Endpoint endpoint, Counts counts) implements Notice {}

        /** Shadow mode: a call that goes would have been refused. */
        record WouldRefuse(Endpoint endpoint, Admission.Refusal refusal) implements Notice {}
    }
}
