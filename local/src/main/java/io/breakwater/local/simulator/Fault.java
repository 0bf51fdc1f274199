package io.breakwater.local.simulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A fault in force.
 *
 * @param probability 0 to 1, of each call in its scope
 * @param expiresAt when it ends by itself; stays until removed when null
 * @param retryAfterSeconds sent along as {@code Retry-After}; no such header when null
 */
record Fault(
        Scope scope,
        FaultKind kind,
        double probability,
        @Nullable Instant expiresAt,
        @Nullable Long retryAfterSeconds) {

    boolean isActive(Instant now) {
        return expiresAt == null || now.isBefore(expiresAt);
    }
}
