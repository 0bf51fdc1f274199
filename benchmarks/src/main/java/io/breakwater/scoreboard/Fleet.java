package io.breakwater.scoreboard;

import io.breakwater.model.FailureKind;
import java.util.Optional;

/** Environments that call one endpoint, each through its breaker, whatever these have in common. */
interface Fleet {
    /** Asks for a call from this environment; empty when it may not go. */
    Optional<Call> admit(int environment);

    State state();

    /** Times that it went from CLOSED to OPEN. */
    int trips();

    StoreCalls storeCalls();

    /** When the first probe may go, in milliseconds since 1970; only asked while it is open. */
    long openUntilMillis();

    /** Makes fleets of its kind. */
    @FunctionalInterface
    interface Maker {
        Fleet make(VirtualTime time, int environments, long seed);
    }

    /** A call that was let through. */
    interface Call {
        void end(Optional<FailureKind> failure);

        /** The place among the probes that it goes in, if it is one. */
        default Optional<Probe> probe() {
            return Optional.empty();
        }
    }

    /**
     * That a call is a probe.
     *
     * @param stage names the stage; no two of a fleet have the same name
     * @param limit how many probes the stage is meant to let through
     */
    record Probe(long stage, int limit) {}

    /**
     * What the breakers that share a state make of the endpoint. Where environments share none, the fleet is OPEN when half
     * of them are, CLOSED when all are.
     */
    enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    /** Requests to the shared store. */
    record StoreCalls(long reads, long writes) {
        static final StoreCalls NONE = new StoreCalls(0, 0);
    }
}
