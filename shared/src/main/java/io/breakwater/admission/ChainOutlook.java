package io.breakwater.admission;

import io.breakwater.breaker.FleetBreaker;
import io.breakwater.job.JobRequest;
import io.breakwater.model.Endpoint;
import io.breakwater.routing.Chain;
import io.breakwater.routing.Tier;
import java.time.Instant;
import java.util.Optional;

/** Whether any endpoint that a job may use is likely to take it, as far as this process has heard of the breakers. */
public final class ChainOutlook {
    private final Chain chain;
    private final FleetBreaker breaker;

    public ChainOutlook(Chain chain, FleetBreaker breaker) {
        this.chain = chain;
        this.breaker = breaker;
    }

    /**
     * Until when every endpoint is known to refuse the job, the earliest of them; empty as soon as one may not. While
     * the first endpoint is closed nothing is asked about the others.
     */
    Optional<Instant> unavailableUntil(JobRequest request) {
        Instant earliest = Instant.MAX;
        for (Tier tier : chain.tiers(request)) {
            for (Endpoint endpoint : tier.endpoints()) {
                Optional<Instant> refusedUntil = breaker.refusedUntil(endpoint);
                if (refusedUntil.isEmpty()) {
                    return Optional.empty();
                }
                earliest = refusedUntil.get().isBefore(earliest) ? refusedUntil.get() : earliest;
            }
        }
        return Optional.of(earliest);
    }
}
