package io.breakwater.routing;

import io.breakwater.job.Degradation;
import io.breakwater.job.JobRequest;
import io.breakwater.model.ModelRequest;
import org.jspecify.annotations.Nullable;

/**
 * One way to serve a request: by a tier's endpoints, with so many tokens.
 *
 * @param undegraded the tokens that the first tier gives the request
 */
record Rung(JobRequest request, Tier tier, boolean first, int maxTokens, int undegraded) {
    private static final String SIMPLIFY = "Answer briefly and in simple words.";

    static Rung of(JobRequest request, Tier tier, Chain chain) {
        Tier first = chain.tiers().getFirst();
        return new Rung(request, tier, tier.equals(first), tokens(request, tier), tokens(request, first));
    }

    private static int tokens(JobRequest request, Tier tier) {
        return request.maxTokens() == null ? tier.maxTokens() : Math.min(request.maxTokens(), tier.maxTokens());
    }

    /** The same endpoints with fewer tokens. */
    Rung with(int fewer) {
        return new Rung(request, tier, first, fewer, undegraded);
    }

    /** What a job served here is short of; null when of nothing. */
    @Nullable
    Degradation degradation() {
        Integer fewer = maxTokens < undegraded ? maxTokens : null;
        if (first) {
            return fewer == null ? null : new Degradation(null, fewer, null);
        }
        return new Degradation(tier.name(), fewer, tier.simplify() ? true : null);
    }

    ModelRequest modelRequest() {
        return new ModelRequest(
                request.messages(),
                tier.simplify() ? simplified(request.system()) : request.system(),
                maxTokens,
                request.temperature(),
                request.stopSequences());
    }

    private static String simplified(@Nullable String system) {
        return system == null ? SIMPLIFY : system + "\n\n" + SIMPLIFY;
    }
}
