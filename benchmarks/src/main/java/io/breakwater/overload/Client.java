package io.breakwater.overload;

import io.breakwater.scoreboard.VirtualTime;

/** A fleet: does all it can to have each job served by the one endpoint. */
interface Client {
    /** A job has arrived. */
    void serve();

    /** How often its breaker opened. */
    default int openings() {
        return 0;
    }

    /** Requests to the stores that its workers share. */
    default int storeRequests() {
        return 0;
    }

    /** Makes clients of its kind. */
    @FunctionalInterface
    interface Maker {
        Client make(VirtualTime time, Metered endpoint, Situation situation);
    }
}
