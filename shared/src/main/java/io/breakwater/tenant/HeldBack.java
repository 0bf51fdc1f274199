package io.breakwater.tenant;

import java.time.Instant;

/**
 * A tenant's jobs were put off because it had as many in flight as it may.
 *
 * @param jobs how many since this was last told
 * @param nextAt when the last of them comes back
 */
public record HeldBack(String tenant, int jobs, int inFlight, Instant nextAt) {}
