package io.breakwater.breaker;

import java.time.Instant;

/** The breaker's answer to a worker that wants to make a call. */
public sealed interface Admission {
    /**
     * The call may go. Whoever holds a permit ends it exactly once, with the call's outcome; ending it again changes
     * nothing.
     */
    non-sealed interface Permit extends Admission {
        void end(Outcome outcome);

        /** Whether the call is one of the few that show if the endpoint has recovered. */
        default boolean isProbe() {
            return false;
        }
    }

    /**
     * The call may not go.
     *
     * @param state {@link BreakerState#name()}
     * @param retryAt asking again before is useless
     */
    record Refusal(String state, Instant retryAt) implements Admission {}
}
