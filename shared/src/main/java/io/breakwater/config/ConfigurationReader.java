package io.breakwater.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.admission.BacklogLimit;
import io.breakwater.breaker.BreakerSettings;
import io.breakwater.health.DailyQuotaScope;
import io.breakwater.json.JsonSchema;
import io.breakwater.json.Violation;
import io.breakwater.json.Yaml;
import io.breakwater.routing.CallSettings;
import io.breakwater.tenant.InFlightLimit;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Reads configurations from YAML files and from the presets that are shipped. Every method throws {@link InvalidConfigurationException} for what it cannot use. */
public final class ConfigurationReader {
    public static final String DEFAULT_PRESET = "default";
    public static final List<String> PRESETS = List.of(DEFAULT_PRESET, "article");

    /**
     * Reads the preset of this name, or else the file at this path. A preset is not checked: a test does that, and a cold
     * start's time is dear.
     */
    public Configuration read(String presetOrPath) {
        if (PRESETS.contains(presetOrPath)) {
            String origin = "preset " + presetOrPath;
            return configuration(tree(preset(presetOrPath), origin), origin);
        }
        return parse(file(presetOrPath), presetOrPath);
    }

    /**
     * Reads a configuration from its text.
     *
     * @param origin where the text is from, for messages
     */
    public Configuration parse(String yaml, String origin) {
        JsonNode root = tree(yaml, origin);
        List<Violation> violations = JsonSchema.of(
                        Yaml.resource(ConfigurationReader.class, "configuration.schema.json"), "")
                .violations(root);
        if (!violations.isEmpty()) {
            throw new InvalidConfigurationException(origin, violations);
        }
        return configuration(root, origin);
    }

    private static Configuration configuration(JsonNode root, String origin) {
        ChainReader chain = new ChainReader(root);
        BreakerSettings defaults = BreakerSettings.DEFAULTS;
        JsonNode breaker = root.path("breaker");
        Duration cooldown = seconds(breaker, "cooldownSeconds", defaults.cooldown());
        Duration maximumCooldown =
                seconds(breaker, "maximumCooldownSeconds", longer(defaults.maximumCooldown(), cooldown));
        if (maximumCooldown.compareTo(cooldown) < 0) {
            chain.violations()
                    .add(new Violation(
                            "breaker.maximumCooldownSeconds",
                            "must be at least cooldownSeconds, " + cooldown.toSeconds() + ", was "
                                    + maximumCooldown.toSeconds()));
        }
        PriceReader prices = new PriceReader(root.path("prices"), chain.modelIds());
        chain.violations().addAll(prices.violations());
        if (!chain.violations().isEmpty()) {
            throw new InvalidConfigurationException(origin, chain.violations());
        }
        return new Configuration(
                chain.chain(),
                chain.models(),
                new BreakerSettings(
                        breaker.path("failureRateThreshold").asDouble(defaults.failureRateThreshold()),
                        seconds(breaker, "windowSeconds", defaults.window()),
                        breaker.path("minimumCalls").asInt(defaults.minimumCalls()),
                        breaker.path("consecutiveFailures").asInt(defaults.consecutiveFailures()),
                        cooldown,
                        maximumCooldown,
                        stages(breaker.path("halfOpenStages"), defaults.halfOpenStages()),
                        breaker.path("rateConfidence").asDouble(defaults.rateConfidence()),
                        breaker.has("slowCallSeconds")
                                ? Optional.of(seconds(breaker, "slowCallSeconds", Duration.ZERO))
                                : defaults.slowCall(),
                        BreakerSettings.Mode.valueOf(breaker.path("mode")
                                .asText(defaults.mode().name())
                                .toUpperCase(Locale.ROOT))),
                DailyQuotaScope.valueOf(breaker.path("dailyQuotaScope")
                        .asText(DailyQuotaScope.ENDPOINT.name())
                        .toUpperCase(Locale.ROOT)),
                new CallSettings(
                        seconds(root.path("calls"), "timeoutSeconds", CallSettings.DEFAULTS.timeout()),
                        root.path("calls")
                                .path("maximumPerDelivery")
                                .asInt(CallSettings.DEFAULTS.maximumPerDelivery())),
                chain.quotas(),
                root.path("pacing").path("enabled").asBoolean(true),
                prices.prices(),
                root.path("admission").has("maximumBacklogSeconds")
                        ? Optional.of(new BacklogLimit(
                                seconds(root.path("admission"), "maximumBacklogSeconds", Duration.ZERO)))
                        : Optional.empty(),
                root.path("tenants").has("maximumInFlight")
                        ? Optional.of(new InFlightLimit(
                                root.path("tenants").path("maximumInFlight").asInt()))
                        : Optional.empty());
    }

    private static JsonNode tree(String yaml, String origin) {
        try {
            return Yaml.MAPPER.readTree(yaml);
        } catch (JsonProcessingException e) {
            JsonLocation location = e.getLocation();
            String place =
                    location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
            throw new InvalidConfigurationException(
                    "configuration " + origin + " is not YAML" + place + ": " + firstLine(e.getOriginalMessage()));
        }
    }

    private static String preset(String name) {
        String resource = name + ".yaml";
        try (InputStream stream = ConfigurationReader.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + resource + " is missing");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + resource, e);
        }
    }

    private static String file(String path) {
        try {
            return Files.readString(Path.of(path));
        } catch (NoSuchFileException | InvalidPathException e) {
            throw new InvalidConfigurationException("configuration " + path
                    + " is neither a file nor a preset; presets are " + String.join(", ", PRESETS));
        } catch (MalformedInputException e) {
            throw new InvalidConfigurationException("configuration " + path + " is not UTF-8 text");
        } catch (IOException e) {
            throw new InvalidConfigurationException("configuration " + path + " cannot be read: " + e);
        }
    }

    private static Duration seconds(JsonNode node, String field, Duration absent) {
        return Duration.ofSeconds(node.path(field).asLong(absent.toSeconds()));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static List<Integer> stages(JsonNode stages, List<Integer> absent) {
        return stages.isMissingNode()
                ? absent
                : StreamSupport.stream(stages.spliterator(), false)
                        .map(JsonNode::asInt)
                        .toList();
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
