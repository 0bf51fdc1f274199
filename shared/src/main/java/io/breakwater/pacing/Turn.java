package io.breakwater.pacing;

import java.time.Duration;
import java.time.Instant;

/** The pacer's answer to a worker that wants to call an endpoint. */
public sealed interface Turn {
    /** The call may be made now. Whoever takes a turn ends it exactly once, in one of these ways. */
    non-sealed interface Taken extends Turn {
        /**
         * How far apart the fleet's calls are at its pace, as it stands now: for an endpoint that takes nothing but
         * probes. Asks the fleet, if it was not heard lately.
         */
        Duration spacing();

        /** No call was made. */
        void giveBack();

        /** The call ended, and used so many tokens of those it had asked for. */
        void used(long tokens);

        /**
         * The call was throttled.
         *
         * @return whether pace explains it: then it says that the fleet goes too fast, and nothing about the endpoint's
         *     health
         */
        boolean throttled(Measure measure);
    }

    /**
     * The endpoint's pace has no room for the call.
     *
     * @param retryAt when this worker's share of the pace has room again
     */
    record TooFast(Measure measure, Instant retryAt) implements Turn {}
}
