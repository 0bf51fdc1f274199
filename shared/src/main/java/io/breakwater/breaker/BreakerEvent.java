package io.breakwater.breaker;

import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, for {@link BreakerProtocol#decide} to judge.
 *
 * <p>Randomness comes in with the event: {@code jitter} is between 0 and 1 and stretches a cooldown. {@code retryAfter}
 * is how long the service asked to be left alone, when it did.
 */
public sealed interface BreakerEvent {
    /**
     * A worker wants to make a call.
     *
     * @param permitId a new one
     * @param leaseEnd when the call is over for certain
     * @param spacing how far apart a stage's probes are to begin; zero when all may at once
     */
    record CallWanted(String permitId, Instant leaseEnd, Duration spacing) implements BreakerEvent {}

    /** A worker tells of calls admitted in this epoch. */
    record CallsCounted(long epoch, Tally tally) implements BreakerEvent {}

    /**
     * One of a worker's own calls of this epoch failed; all that it made are in {@code own}.
     *
     * @param alone whether the fleet cannot be heard, so that its own calls are all there is to judge by
     */
    record OwnCallFailed(
            long epoch,
            Window own,
            boolean alone,
            double jitter,
            @Nullable Duration retryAfter) implements BreakerEvent {}

    /** A call admitted in this epoch failed in a way of which one is enough: daily quota, access, end of life. */
    record EndpointLost(long epoch, FailureKind kind, String detail) implements BreakerEvent {}

    /** A probe succeeded. */
    record ProbeSucceeded(long epoch, int slot, String permitId, Duration took) implements BreakerEvent {}

    /** A probe was cancelled, or failed by its caller's fault: it says nothing about the endpoint. */
    record ProbeIgnored(long epoch, int slot, String permitId) implements BreakerEvent {}

    /** A probe failed. */
    record ProbeFailed(
            long epoch,
            int slot,
            String permitId,
            FailureKind kind,
            String detail,
            @Nullable Duration retryAfter,
            double jitter)
            implements BreakerEvent {}

    /** Someone looks at the state as it stands: does it call for a transition? */
    record Examined(double jitter, @Nullable Duration retryAfter) implements BreakerEvent {}

    /** The endpoint's region was found unhealthy. */
    record RegionLost(String detail, double jitter) implements BreakerEvent {}

    /** An operator forces a state for a while. */
    record Overridden(StateOverride override) implements BreakerEvent {}
}
