package io.breakwater.config;

import io.breakwater.breaker.BreakerSettings;
import io.breakwater.routing.CallSettings;
import io.breakwater.routing.Chain;
import java.util.Map;

/**
 * What the configuration file says: where calls may go, and under which limits.
 *
 * @param models Bedrock model and inference profile ids by their alias
 */
public record Configuration(Chain chain, Map<String, String> models, BreakerSettings breaker, CallSettings calls) {
    public Configuration {
        models = Map.copyOf(models);
    }
}
