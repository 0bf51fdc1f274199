package io.breakwater.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.breakwater.admission.BacklogLimit;
import io.breakwater.breaker.BreakerSettings;
import io.breakwater.health.DailyQuotaScope;
import io.breakwater.json.Violation;
import io.breakwater.model.Endpoint;
import io.breakwater.model.Price;
import io.breakwater.model.PriceList;
import io.breakwater.model.Usage;
import io.breakwater.pacing.Quota;
import io.breakwater.routing.CallSettings;
import io.breakwater.routing.Tier;
import io.breakwater.tenant.InFlightLimit;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationReaderTest {
    private static final String MINIMAL = """
        tiers:
          - name: primary
            maxTokens: 100
            endpoints:
              - { region: us-east-1, model: amazon.nova-lite-v1:0 }
        """;

    private final ConfigurationReader reader = new ConfigurationReader();

    @Test
    void theDefaultPresetFillsTheThreeRoles() {
        Configuration configuration = reader.read("default");

        assertThat(configuration.chain().tiers())
                .extracting(Tier::name)
                .containsExactly("primary", "fallback", "emergency");
        assertThat(configuration.chain().tiers()).extracting(Tier::maxTokens).isSortedAccordingTo((a, b) -> b - a);
        assertThat(configuration.chain().endpoint("eu-central-1", "claude-sonnet-4-6-eu"))
                .contains(new Endpoint("eu-central-1", "eu.anthropic.claude-sonnet-4-6", "claude-sonnet-4-6-eu"));
        assertThat(configuration.breaker()).isEqualTo(BreakerSettings.DEFAULTS);
        assertThat(configuration.calls()).isEqualTo(CallSettings.DEFAULTS);
    }

    @Test
    void readsWeightsAndQuotasOfEndpoints() {
        Configuration configuration = reader.parse("""
            tiers:
              - name: primary
                maxTokens: 100
                endpoints:
                  - { region: us-east-1, model: a.b, weight: 3, quota: { requestsPerMinute: 250 } }
                  - { region: us-west-2, model: a.b, quota: { tokensPerMinute: 1000000 } }
            pacing: { enabled: false }
            """, "test");

        Endpoint east = new Endpoint("us-east-1", "a.b", "a.b");
        Endpoint west = new Endpoint("us-west-2", "a.b", "a.b");
        assertThat(configuration.chain().tiers().getFirst().weights()).isEqualTo(Map.of(east, 3));
        assertThat(configuration.quotas())
                .isEqualTo(Map.of(
                        east, new Quota(OptionalDouble.of(250), OptionalDouble.empty()),
                        west, new Quota(OptionalDouble.empty(), OptionalDouble.of(1_000_000))));
        assertThat(configuration.pacing()).isFalse();
    }

    @Test
    void oneEndpointHasOneQuota() {
        assertThatThrownBy(() -> reader.parse("""
            tiers:
              - name: primary
                maxTokens: 100
                endpoints:
                  - { region: us-east-1, model: a.b, quota: { requestsPerMinute: 250 } }
              - name: fallback
                maxTokens: 50
                endpoints:
                  - { region: us-east-1, model: a.b, quota: { requestsPerMinute: 100 } }
            """, "test"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("tiers[1].endpoints[0].quota: differs from the quota that another tier gives");
    }

    @Test
    void everyModelOfTheDefaultPresetHasAPrice() {
        Configuration configuration = reader.read("default");

        assertThat(configuration.prices().prices().keySet())
                .containsExactlyInAnyOrderElementsOf(configuration.models().values());
        assertThat(configuration.prices().priced("us.anthropic.claude-haiku-4-5-20251001-v1:0", new Usage(1000, 1000)))
                .isEqualTo(new Usage(1000, 1000, new BigDecimal("0.0066")));
    }

    @Test
    void theArticlePresetKeepsTheDeadModels() {
        Configuration configuration = reader.read("article");

        assertThat(configuration.chain().tiers())
                .extracting(tier -> tier.endpoints().getFirst().model())
                .containsExactly(
                        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
                        "anthropic.claude-3-sonnet-20240229-v1:0",
                        "anthropic.claude-3-haiku-20240307-v1:0");
    }

    /** Read as a preset it is not checked. */
    @Test
    void aPresetIsAsValidAsAFileHasToBe() throws IOException {
        for (String preset : ConfigurationReader.PRESETS) {
            Path file = Path.of("src/main/resources/io/breakwater/config", preset + ".yaml");

            assertThat(reader.read(file.toString())).isEqualTo(reader.read(preset));
        }
    }

    @Test
    void everyModelOfAPresetIsUsedByItsChain() {
        for (String preset : ConfigurationReader.PRESETS) {
            Configuration configuration = reader.read(preset);

            assertThat(configuration.chain().endpoints())
                    .as(preset)
                    .extracting(Endpoint::alias)
                    .containsAll(configuration.models().keySet());
        }
    }

    @Test
    void theDocumentedExampleIsValidAndItsDefaultsAreTheDefaults() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "configuration.md"));
        Matcher example = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(page);

        assertThat(example.find()).isTrue();
        Configuration configuration = reader.parse(example.group(1), "docs/configuration.md");
        assertThat(configuration.breaker()).isEqualTo(BreakerSettings.DEFAULTS);
        assertThat(configuration.dailyQuotaScope()).isEqualTo(DailyQuotaScope.ENDPOINT);
        assertThat(configuration.calls()).isEqualTo(CallSettings.DEFAULTS);
    }

    @Test
    void everythingButTheTiersIsOptional() {
        Configuration configuration = reader.parse(MINIMAL, "test");

        assertThat(configuration.breaker()).isEqualTo(BreakerSettings.DEFAULTS);
        assertThat(configuration.dailyQuotaScope()).isEqualTo(DailyQuotaScope.ENDPOINT);
        assertThat(configuration.calls()).isEqualTo(CallSettings.DEFAULTS);
        assertThat(configuration.prices()).isEqualTo(PriceList.NONE);
        assertThat(configuration.backlogLimit()).isEmpty();
        assertThat(configuration.inFlightLimit()).isEmpty();
        assertThat(configuration.chain().endpoints())
                .containsExactly(new Endpoint("us-east-1", "amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"));
    }

    @Test
    void everySettingIsRead() {
        Configuration configuration = reader.parse(MINIMAL + """
            breaker:
              failureRateThreshold: 0.5
              windowSeconds: 30
              minimumCalls: 20
              consecutiveFailures: 7
              cooldownSeconds: 5
              maximumCooldownSeconds: 50
              halfOpenStages: [2, 4]
              rateConfidence: 0.95
              slowCallSeconds: 40
              dailyQuotaScope: region
              mode: off
            calls:
              timeoutSeconds: 9
              maximumPerDelivery: 2
            admission:
              maximumBacklogSeconds: 600
            tenants:
              maximumInFlight: 8
            """, "test");

        assertThat(configuration.breaker())
                .isEqualTo(new BreakerSettings(
                        0.5,
                        Duration.ofSeconds(30),
                        20,
                        7,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(50),
                        List.of(2, 4),
                        0.95,
                        Optional.of(Duration.ofSeconds(40)),
                        BreakerSettings.Mode.OFF));
        assertThat(configuration.dailyQuotaScope()).isEqualTo(DailyQuotaScope.REGION);
        assertThat(configuration.inFlightLimit()).contains(new InFlightLimit(8));
        assertThat(configuration.calls()).isEqualTo(new CallSettings(Duration.ofSeconds(9), 2));
        assertThat(configuration.backlogLimit()).contains(new BacklogLimit(Duration.ofMinutes(10)));
    }

    @Test
    void aModelMayBeNamedByAliasOrById() {
        Configuration configuration = reader.parse("""
            models: { nova: amazon.nova-lite-v1:0 }
            tiers:
              - name: primary
                maxTokens: 100
                endpoints:
                  - { region: us-east-1, model: nova }
                  - { region: us-west-2, model: amazon.nova-lite-v1:0 }
            """, "test");

        assertThat(configuration.chain().endpoints())
                .containsExactly(
                        new Endpoint("us-east-1", "amazon.nova-lite-v1:0", "nova"),
                        new Endpoint("us-west-2", "amazon.nova-lite-v1:0", "nova"));
    }

    @Test
    void aPriceMayBeGivenByAliasOrById() {
        Configuration configuration = reader.parse("""
            models: { nova: amazon.nova-lite-v1:0 }
            tiers:
              - name: primary
                maxTokens: 100
                endpoints: [{ region: us-east-1, model: nova }, { region: us-east-1, model: amazon.nova-pro-v1:0 }]
            prices:
              asOf: 2026-09-23
              usdPerMillionTokens:
                nova: { input: 0.06, output: 0.24 }
                amazon.nova-pro-v1:0: { input: 0.8, output: 3 }
            """, "test");

        assertThat(configuration.prices())
                .isEqualTo(new PriceList(
                        Optional.of(LocalDate.of(2026, 9, 23)),
                        Map.of(
                                "amazon.nova-lite-v1:0", new Price(new BigDecimal("0.06"), new BigDecimal("0.24")),
                                "amazon.nova-pro-v1:0", new Price(new BigDecimal("0.8"), new BigDecimal("3")))));
    }

    @Test
    void anEndpointMayServeTwoTiers() {
        Configuration configuration = reader.parse(MINIMAL + """
              - name: fewer-tokens
                maxTokens: 10
                endpoints:
                  - { region: us-east-1, model: amazon.nova-lite-v1:0 }
            """, "test");

        assertThat(configuration.chain().tiers()).hasSize(2);
        assertThat(configuration.chain().endpoints()).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void whatIsWrongIsNamedWithItsPlace(String what, String yaml, List<String> violations) {
        assertThatThrownBy(() -> reader.parse(yaml, "my.yaml"))
                .hasMessageStartingWith("invalid configuration my.yaml:\n  ")
                .isInstanceOfSatisfying(
                        InvalidConfigurationException.class,
                        e -> assertThat(e.violations())
                                .extracting(Violation::toString)
                                .containsExactlyInAnyOrderElementsOf(violations));
    }

    static Stream<Arguments> whatIsWrongIsNamedWithItsPlace() {
        return Stream.of(
                arguments("no tiers", "breaker: {}", List.of("tiers: is required")),
                arguments("empty tiers", "tiers: []", List.of("tiers: must not be empty")),
                arguments("not an object", "[1]", List.of("must be an object, was an array")),
                arguments("only a comment", "# nothing\n", List.of("must be an object, was nothing")),
                arguments("empty", "", List.of("must be an object, was nothing")),
                arguments(
                        "several at once",
                        """
                        tier: []
                        tiers:
                          - name: primary
                            maxTokens: 0
                            endpoints: [{ region: us-east-1, model: amazon.nova-lite-v1:0 }]
                          - name: fallback
                            maxTokens: many
                            simplified: true
                            endpoints: [{ region: useast1, model: amazon.nova-lite-v1:0 }, {}]
                        """,
                        List.of(
                                "tier: is not a known field; did you mean \"tiers\"?",
                                "tiers[0].maxTokens: must be at least 1, was 0",
                                "tiers[1].maxTokens: must be an integer, was a string",
                                "tiers[1].simplified: is not a known field; did you mean \"simplify\"?",
                                "tiers[1].endpoints[0].region: must be an AWS region such as us-east-1, was"
                                        + " \"useast1\"",
                                "tiers[1].endpoints[1].region: is required",
                                "tiers[1].endpoints[1].model: is required")),
                arguments(
                        "out of range",
                        MINIMAL + """
                            breaker:
                              failureRateThreshold: 0
                              halfOpenStages: [1, 0]
                              mode: enforced
                              cooldownSeconds: 1.5
                            calls: { timeoutSeconds: -1 }
                            """,
                        List.of(
                                "breaker.failureRateThreshold: must be more than 0, was 0",
                                "breaker.halfOpenStages[1]: must be at least 1, was 0",
                                "breaker.mode: must be one of enforce, shadow, off, was \"enforced\"",
                                "breaker.cooldownSeconds: must be an integer, was a number",
                                "calls.timeoutSeconds: must be at least 1, was -1")),
                arguments(
                        "threshold above 1",
                        MINIMAL + "breaker: { failureRateThreshold: 30 }",
                        List.of("breaker.failureRateThreshold: must be at most 1, was 30")),
                arguments(
                        "cooldown above its maximum",
                        MINIMAL + "breaker: { cooldownSeconds: 60, maximumCooldownSeconds: 30 }",
                        List.of("breaker.maximumCooldownSeconds: must be at least cooldownSeconds, 60, was 30")),
                arguments(
                        "prices",
                        "models: { nova: amazon.nova-lite-v1:0 }\n" + MINIMAL + """
                            prices:
                              asOf: 2026-09-31
                              usdPerMillionTokens:
                                nova: { input: 1, output: 2 }
                                amazon.nova-lite-v1:0: { input: 1, output: 2 }
                                nvoa: { input: 1, output: 2 }
                            """,
                        List.of(
                                "prices.asOf: must be a date such as 2026-09-23, was \"2026-09-31\"",
                                "prices.usdPerMillionTokens.amazon.nova-lite-v1:0: is a second price of"
                                        + " amazon.nova-lite-v1:0",
                                "prices.usdPerMillionTokens.nvoa: is the price of no model here; did you mean"
                                        + " \"nova\"?")),
                arguments(
                        "prices out of range or without a date",
                        MINIMAL + """
                            prices:
                              usdPerMillionTokens:
                                amazon.nova-lite-v1:0: { input: -1 }
                            """,
                        List.of(
                                "prices.asOf: is required",
                                "prices.usdPerMillionTokens.amazon.nova-lite-v1:0.input: must be at least 0, was -1",
                                "prices.usdPerMillionTokens.amazon.nova-lite-v1:0.output: is required")),
                arguments(
                        "aliases that paths dislike",
                        "models: { 'a/b': amazon.nova-lite-v1:0, 'c:d': amazon.nova-pro-v1:0 }\n" + MINIMAL,
                        List.of(
                                "models.a/b: must be an alias of at most 64 letters, digits, '.', '_' or"
                                        + " '-', without '/' or ':'",
                                "models.c:d: must be an alias of at most 64 letters, digits, '.', '_' or"
                                        + " '-', without '/' or ':'")),
                arguments(
                        "names given twice or for nothing",
                        """
                        models:
                          claude-haiku: us.anthropic.claude-haiku-4-5-20251001-v1:0
                          haiku: us.anthropic.claude-haiku-4-5-20251001-v1:0
                        tiers:
                          - name: primary
                            maxTokens: 1
                            endpoints:
                              - { region: us-east-1, model: claude-hiaku }
                              - { region: us-east-1, model: claude-haiku }
                              - { region: us-east-1, model: us.anthropic.claude-haiku-4-5-20251001-v1:0 }
                          - name: primary
                            maxTokens: 1
                            endpoints:
                              - { region: us-east-1, model: 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc' }
                        """,
                        List.of(
                                "models.haiku: is a second alias for us.anthropic.claude-haiku-4-5-20251001-v1:0,"
                                        + " which is claude-haiku",
                                "tiers[0].endpoints[0].model: is neither an alias of models nor a Bedrock model id:"
                                        + " claude-hiaku; did you mean \"claude-haiku\"?",
                                "tiers[0].endpoints[2]: is in this tier twice:"
                                        + " us-east-1/us.anthropic.claude-haiku-4-5-20251001-v1:0",
                                "tiers[1].name: is the name of another tier too: primary",
                                "tiers[1].endpoints[0].model: holds a '/', which URL paths cannot: give it an alias in"
                                    + " models, was"
                                    + " arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc")));
    }

    @Test
    void brokenYamlIsNamedWithLineAndColumn() {
        assertThatThrownBy(() -> reader.parse("tiers:\n  - name: [primary\n    maxTokens: 1\n", "my.yaml"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageStartingWith("configuration my.yaml is not YAML at line 3, column 14: ");
    }

    @Test
    void aKeyGivenTwiceIsNamedWithItsLine() {
        assertThatThrownBy(() -> reader.parse(MINIMAL + "calls: {}\ncalls: {}\n", "my.yaml"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageMatching("configuration my.yaml is not YAML at line 7, column \\d+: Duplicate .*calls.*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such.yaml", "defualt", "nul\0"})
    void aPathThatIsNoFileSaysWhatThePresetsAre(String path) {
        assertThatThrownBy(() -> reader.read(path))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("is neither a file nor a preset; presets are default, article");
    }

    @Test
    void aFileIsReadByItsPath(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("breakwater.yaml"), MINIMAL);

        assertThat(reader.read(file.toString())).isEqualTo(reader.parse(MINIMAL, "test"));
    }

    @Test
    void aFileThatIsNotTextIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("breakwater.yaml"), new byte[] {(byte) 0xC3, 0x28});

        assertThatThrownBy(() -> reader.read(file.toString()))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageEndingWith("is not UTF-8 text");
    }

    @Test
    void aFolderIsRefused(@TempDir Path folder) {
        assertThatThrownBy(() -> reader.read(folder.toString()))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("cannot be read");
    }
}
