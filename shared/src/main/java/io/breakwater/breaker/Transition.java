package io.breakwater.breaker;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change of an endpoint's state, as logs, metrics and the history show it.
 *
 * @param epoch the epoch it began
 * @param from {@link BreakerState#name()} before
 * @param to {@link BreakerState#name()} after
 * @param stage probes of the half-open stage that was entered
 * @param reason an {@link OpenReason}, or why it moved on otherwise
 */
public record Transition(
        long epoch,
        Instant at,
        String from,
        String to,
        @Nullable Integer stage,
        String reason,
        @Nullable String detail,
        @Nullable Integer calls,
        @Nullable Integer failures) {}
