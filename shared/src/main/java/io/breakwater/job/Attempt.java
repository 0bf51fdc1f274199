package io.breakwater.job;

import java.time.Instant;

/**
 * One model call made for a job.
 *
 * @param endpoint the endpoint's id, {@code region/model}
 * @param tier the tier's name
 * @param outcome {@code SUCCESS}, or the name of a {@link io.breakwater.model.FailureKind}
 * @param latencyMs from sending the call to its end
 * @param maxTokens what the call asked for
 */
public record Attempt(String endpoint, String tier, String outcome, Instant startedAt, long latencyMs, int maxTokens) {}
