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
        @Nullable Integer failures) {

    /** In one line: {@code CLOSED → OPEN, FAILURE_RATE: 3 of 10 calls failed, epoch 4}. */
    String describe() {
        return "%s → %s%s, %s%s, epoch %d"
                .formatted(
                        from,
                        to,
                        stage == null ? "" : "(" + stage + ")",
                        reason,
                        detail == null ? "" : ": " + detail,
                        epoch);
    }
}
