package io.breakwater.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.json.Spelling;
import io.breakwater.json.Violation;
import io.breakwater.model.Endpoint;
import io.breakwater.pacing.Quota;
import io.breakwater.routing.Chain;
import io.breakwater.routing.Tier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Makes the chain from {@code models} and {@code tiers}, and finds in them what their schema cannot: names that are
 * given twice or stand for nothing.
 *
 * <p>One endpoint may serve several tiers: with fewer tokens it is a tier of its own.
 */
final class ChainReader {
    private final Map<String, String> models = new LinkedHashMap<>();
    private final Map<String, String> aliases = new HashMap<>();
    private final List<Tier> tiers = new ArrayList<>();
    private final Map<Endpoint, Quota> quotas = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();

    ChainReader(JsonNode root) {
        root.path("models")
                .properties()
                .forEach(model -> readModel(model.getKey(), model.getValue().asText()));
        Set<String> names = new HashSet<>();
        for (int i = 0; i < root.path("tiers").size(); i++) {
            readTier("tiers[" + i + "]", root.path("tiers").path(i), names);
        }
    }

    /** The chain, when there are no violations. */
    Chain chain() {
        return new Chain(tiers);
    }

    Map<String, String> models() {
        return models;
    }

    /** Model ids by every name that the configuration has for them: their aliases, and themselves. */
    Map<String, String> modelIds() {
        Map<String, String> ids = new LinkedHashMap<>(models);
        models.values().forEach(id -> ids.put(id, id));
        tiers.stream()
                .flatMap(tier -> tier.endpoints().stream())
                .map(Endpoint::model)
                .forEach(id -> ids.put(id, id));
        return ids;
    }

    Map<Endpoint, Quota> quotas() {
        return quotas;
    }

    List<Violation> violations() {
        return violations;
    }

    private void readModel(String alias, String id) {
        String other = aliases.putIfAbsent(id, alias);
        if (other != null) {
            violations.add(new Violation("models." + alias, "is a second alias for " + id + ", which is " + other));
        }
        models.put(alias, id);
    }

    private void readTier(String path, JsonNode tier, Set<String> names) {
        String name = tier.path("name").asText();
        if (!names.add(name)) {
            violations.add(new Violation(path + ".name", "is the name of another tier too: " + name));
        }
        Map<Endpoint, Integer> weights = new HashMap<>();
        Set<Endpoint> endpoints = new HashSet<>();
        List<Endpoint> ordered = new ArrayList<>();
        for (int i = 0; i < tier.path("endpoints").size(); i++) {
            String place = path + ".endpoints[" + i + "]";
            Endpoint endpoint = readEndpoint(place, tier.path("endpoints").path(i));
            if (!endpoints.add(endpoint)) {
                violations.add(new Violation(place, "is in this tier twice: " + endpoint));
            }
            ordered.add(endpoint);
            JsonNode settings = tier.path("endpoints").path(i);
            if (settings.has("weight")) {
                weights.put(endpoint, settings.path("weight").asInt());
            }
            readQuota(place + ".quota", settings.path("quota"), endpoint);
        }
        tiers.add(new Tier(
                name,
                ordered,
                weights,
                tier.path("maxTokens").asInt(),
                tier.path("simplify").asBoolean(false)));
    }

    private void readQuota(String path, JsonNode node, Endpoint endpoint) {
        if (node.isMissingNode()) {
            return;
        }
        Quota quota = new Quota(optional(node, "requestsPerMinute"), optional(node, "tokensPerMinute"));
        Quota other = quotas.putIfAbsent(endpoint, quota);
        if (other != null && !other.equals(quota)) {
            violations.add(new Violation(path, "differs from the quota that another tier gives " + endpoint));
        }
    }

    private static OptionalDouble optional(JsonNode node, String field) {
        return node.has(field) ? OptionalDouble.of(node.path(field).asDouble()) : OptionalDouble.empty();
    }

    private Endpoint readEndpoint(String path, JsonNode endpoint) {
        String region = endpoint.path("region").asText();
        String model = endpoint.path("model").asText();
        String id = models.get(model);
        if (id != null) {
            return new Endpoint(region, id, model);
        }
        String alias = aliases.getOrDefault(model, model);
        if (!looksLikeId(model)) {
            violations.add(new Violation(
                    path + ".model",
                    "is neither an alias of models nor a Bedrock model id: " + model
                            + Spelling.suggestion(model, models.keySet())));
        } else if (alias.contains("/")) {
            violations.add(new Violation(
                    path + ".model", "holds a '/', which URL paths cannot: give it an alias in models, was " + model));
        }
        return new Endpoint(region, model, alias);
    }

    /** Model ids are {@code provider.model}, inference profiles {@code geography.provider.model} or an ARN. */
    private static boolean looksLikeId(String model) {
        return model.contains(".") || model.startsWith("arn:");
    }
}
