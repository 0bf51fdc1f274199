package io.breakwater.config;

import io.breakwater.admission.BacklogLimit;
import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.BreakerSettings.Mode;
import io.breakwater.health.DailyQuotaScope;
import io.breakwater.model.Endpoint;
import io.breakwater.model.PriceList;
import io.breakwater.pacing.Quota;
import io.breakwater.routing.CallSettings;
import io.breakwater.routing.Chain;
import io.breakwater.tenant.InFlightLimit;
import java.util.Map;
import java.util.Optional;

/**
 * What the configuration file says: where calls may go, and under which limits.
 *
 * @param models Bedrock model and inference profile ids by their alias
 * @param dailyQuotaScope what an exhausted daily quota takes out
 * @param quotas per-minute quotas of endpoints, where they are known
 * @param pacing whether endpoints that throttle are called at a pace that the fleet finds
 * @param backlogLimit how long jobs may wait for a worker before new ones are refused; empty when that has no limit
 * @param inFlightLimit how many jobs of one tenant may be in flight; empty when that has no limit
 */
public record Configuration(
        Chain chain,
        Map<String, String> models,
        BreakerSettings breaker,
        DailyQuotaScope dailyQuotaScope,
        CallSettings calls,
        Map<Endpoint, Quota> quotas,
        boolean pacing,
        PriceList prices,
        Optional<BacklogLimit> backlogLimit,
        Optional<InFlightLimit> inFlightLimit) {
    public Configuration {
        models = Map.copyOf(models);
        quotas = Map.copyOf(quotas);
    }

    /** Whether the fleet keeps to paces: not beside a breaker that refuses nothing. */
    public boolean pacesCalls() {
        return pacing && breaker.mode() == Mode.ENFORCE;
    }
}
