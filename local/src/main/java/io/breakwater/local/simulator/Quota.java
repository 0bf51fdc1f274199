package io.breakwater.local.simulator;

import org.jspecify.annotations.Nullable;

/**
 * What each model in each region of the scope may take; a limit that is null is none.
 *
 * @param region a region, or {@code *} for each
 * @param model a model id or its alias, or {@code *} for each
 * @param tokensPerMinute input and output; a call reserves its input and its {@code maxTokens} when it starts
 * @param tokensPerDay as {@code tokensPerMinute}, until midnight UTC
 */
public record Quota(
        String region,
        String model,
        @Nullable Long requestsPerMinute,
        @Nullable Long tokensPerMinute,
        @Nullable Long tokensPerDay) {

    Scope scope() {
        return new Scope(region, model);
    }

    boolean isUnlimited() {
        return requestsPerMinute == null && tokensPerMinute == null && tokensPerDay == null;
    }
}
