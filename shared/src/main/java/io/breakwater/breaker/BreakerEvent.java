package io.breakwater.breaker;

import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, for {@link BreakerProtocol#decide} to judge.
 *
 * <p>Randomness comes in with the event: {@code jitter} is between 0 and 1 and stretches a cooldown.
 */
public sealed interface BreakerEvent {
    /** A worker wants to make a call. {@code permitId} is new; {@code leaseEnd} is when the call is over for certain. */
    record CallWanted(String permitId, Instant leaseEnd) implements BreakerEvent {}

    /** Calls admitted in this epoch ended. */
    record CallsEnded(long epoch, Tally tally) implements BreakerEvent {}

    /** A call admitted in this epoch failed in a way of which one is enough: daily quota, access, end of life. */
    record EndpointLost(long epoch, FailureKind kind, String detail) implements BreakerEvent {}

    /** A probe succeeded. */
    record ProbeSucceeded(long epoch, int slot, String permitId) implements BreakerEvent {}

    /** A probe was cancelled, or failed by its caller's fault: it says nothing about the endpoint. */
    record ProbeIgnored(long epoch, int slot, String permitId) implements BreakerEvent {}

    /** A probe failed. {@code retryAfter} is how long the service asked to be left alone. */
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

    /** An operator forces a state for a while. */
    record Overridden(StateOverride override) implements BreakerEvent {}
}
