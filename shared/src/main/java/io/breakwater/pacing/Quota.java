package io.breakwater.pacing;

import java.util.OptionalDouble;

/**
 * An endpoint's per-minute quotas as far as they are known; what is empty is learnt from throttles.
 *
 * @param requestsPerMinute at least 1
 * @param tokensPerMinute at least 1
 */
public record Quota(OptionalDouble requestsPerMinute, OptionalDouble tokensPerMinute) {
    public static final Quota UNKNOWN = new Quota(OptionalDouble.empty(), OptionalDouble.empty());

    public Quota {
        if (requestsPerMinute.orElse(1) < 1 || tokensPerMinute.orElse(1) < 1) {
            throw new IllegalArgumentException("a quota must be at least 1 per minute, was " + requestsPerMinute
                    + " requests and " + tokensPerMinute + " tokens");
        }
    }

    OptionalDouble of(Measure measure) {
        return switch (measure) {
            case REQUESTS -> requestsPerMinute;
            case TOKENS -> tokensPerMinute;
        };
    }
}
