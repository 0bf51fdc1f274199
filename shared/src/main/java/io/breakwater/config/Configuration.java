package io.breakwater.config;

import io.breakwater.breaker.BreakerSettings;
import io.breakwater.health.DailyQuotaScope;
import io.breakwater.routing.CallSettings;
import io.breakwater.routing.Chain;
import java.util.Map;

/**
 * What the configuration file says: where calls may go, and under which limits.
 *
 * @param models Bedrock model and inference profile ids by their alias
 * @param dailyQuotaScope what an exhausted daily quota takes out
 */
public record Configuration(
        Chain chain,
        Map<String, String> models,
        BreakerSettings breaker,
        DailyQuotaScope dailyQuotaScope,
        CallSettings calls) {
    public Configuration {
        models = Map.copyOf(models);
    }
}
