package io.breakwater.admission;

import java.time.Duration;

/** Why a job is not accepted. */
public sealed interface Refusal {
    /** How long to wait before submitting it again; positive. */
    Duration retryAfter();

    /** No endpoint that the job may use takes calls, and it asked not to wait. */
    record NoEndpoint(Duration retryAfter) implements Refusal {}

    /**
     * Jobs wait too long for a worker already.
     *
     * @param waited how long those had waited that a worker took last
     * @param maximum how long they may
     */
    record BacklogTooOld(Duration waited, Duration maximum, Duration retryAfter) implements Refusal {}
}
