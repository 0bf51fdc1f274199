package io.breakwater.local.simulator;

import java.util.Map;

/**
 * Which targets a fault or quota is for.
 *
 * @param region a region, or {@code *} for all
 * @param model a model id or its alias, or {@code *} for all
 */
record Scope(String region, String model) {
    static final String ALL = "*";

    boolean covers(Target target, Map<String, String> aliasByModel) {
        return (region.equals(ALL) || region.equals(target.region()))
                && (model.equals(ALL)
                        || model.equals(target.model())
                        || model.equals(aliasByModel.get(target.model())));
    }
}
