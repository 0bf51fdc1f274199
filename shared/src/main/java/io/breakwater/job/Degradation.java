package io.breakwater.job;

import org.jspecify.annotations.Nullable;

/**
 * What was less than asked for; each part is present only when it happened.
 *
 * @param tier the lower tier that served the job
 * @param maxTokens the token ceiling it was served with, when lower than the job asked for
 * @param simplified whether the model was told to answer briefly and simply
 */
public record Degradation(
        @Nullable String tier,
        @Nullable Integer maxTokens,
        @Nullable Boolean simplified) {}
