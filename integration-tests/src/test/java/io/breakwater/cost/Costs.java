package io.breakwater.cost;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.json.Yaml;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What AWS charges, and what is used: the one place of both, {@code costs.yaml}. The page is made of it, and what is
 * measured is held against it.
 *
 * @param usdPerMillion dollars for a million of each
 * @param usage of each meter, by what uses it
 */
public record Costs(String asOf, Map<Meter, Double> usdPerMillion, Map<String, Map<Meter, Double>> usage) {
    /** Of the things that are requests, or billed as such, not time or text. */
    private static final Meter[] REQUESTS = {
        Meter.API_CALL, Meter.SQS_REQUEST, Meter.WRITE_UNIT, Meter.READ_UNIT, Meter.S3_PUT, Meter.S3_GET
    };

    public static Costs stated() {
        JsonNode yaml = Yaml.resource(Costs.class, "costs.yaml");
        Map<String, Map<Meter, Double>> usage = new LinkedHashMap<>();
        yaml.path("usage").properties().forEach(entry -> usage.put(entry.getKey(), meters(entry.getValue())));
        return new Costs(yaml.path("asOf").asText(), meters(yaml.path("usdPerMillion")), usage);
    }

    private static Map<Meter, Double> meters(JsonNode node) {
        Map<Meter, Double> meters = new EnumMap<>(Meter.class);
        node.properties()
                .forEach(entry -> meters.put(
                        Meter.valueOf(entry.getKey()), entry.getValue().asDouble()));
        return meters;
    }

    /** What is stated of this use. */
    public Map<Meter, Double> usage(String of) {
        return Objects.requireNonNull(usage.get(of), () -> "costs.yaml has no usage " + of);
    }

    /** Dollars for a million times this use. */
    double usdPerMillion(String of) {
        return usage(of).entrySet().stream()
                .mapToDouble(used -> used.getValue() * usdPerMillion.getOrDefault(used.getKey(), Double.NaN))
                .sum();
    }

    /** Requests of this use, with each index entry that is written. */
    public static double requests(Map<Meter, Double> usage) {
        double sum = 0;
        for (Meter meter : REQUESTS) {
            sum += usage.getOrDefault(meter, 0.0);
        }
        return sum;
    }
}
