package io.breakwater.job;

import org.jspecify.annotations.Nullable;

/**
 * Why a job failed.
 *
 * @param code a stable word for programs: a {@link io.breakwater.model.FailureKind}, {@code UNAVAILABLE}, …
 * @param message what happened and what to do, for people
 * @param retryAfterSeconds when a new attempt is worth making, where that is known
 */
public record JobError(
        String code, String message, @Nullable Long retryAfterSeconds) {}
