package io.breakwater.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.breaker.Admission;
import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.breaker.BreakerState;
import io.breakwater.breaker.Counts;
import io.breakwater.breaker.Transition;
import io.breakwater.health.RegionHealth;
import io.breakwater.json.Json;
import io.breakwater.model.Endpoint;
import io.breakwater.pacing.Measure;
import io.breakwater.pacing.Pace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BreakerMetricsTest {
    private static final Endpoint ENDPOINT =
            new Endpoint("us-east-1", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "sonnet");
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private final PrintStream standardOutput = System.out;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private BreakerMetrics metrics = new BreakerMetrics(MetricLines.silent());

    @BeforeEach
    void beInLambda() {
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        metrics = new BreakerMetrics(MetricLines.onStandardOutput(() -> NOW));
    }

    @AfterEach
    void beWhereItWas() {
        System.setOut(standardOutput);
    }

    @Test
    void anOpeningIsOneLineOfTwoMetricsOfItsEndpoint() {
        metrics.on(moved("CLOSED", "OPEN", "FAILURE_RATE", new Counts(40, 14)));

        JsonNode line = onlyLine();
        assertThat(names(line)).containsExactlyInAnyOrder("BreakerTransition", "BreakerOpened");
        assertThat(line.path("BreakerTransition").asDouble()).isEqualTo(1);
        assertThat(line.path("Endpoint").asText()).isEqualTo(ENDPOINT.id());
        assertThat(line.path("from").asText()).isEqualTo("CLOSED");
        assertThat(line.path("to").asText()).isEqualTo("OPEN");
        assertThat(line.path("reason").asText()).isEqualTo("FAILURE_RATE");
        assertThat(line.path("calls").asInt()).isEqualTo(40);
        assertThat(line.path("failures").asInt()).isEqualTo(14);
        assertThat(line.path("epoch").asInt()).isEqualTo(7);
    }

    @Test
    void anEndpointThatIsDisabledHasOpenedToo() {
        metrics.on(moved("CLOSED", "DISABLED", "END_OF_LIFE", null));

        assertThat(names(onlyLine())).contains("BreakerOpened", "EndpointDisabled");
        assertThat(onlyLine().has("calls")).isFalse();
    }

    @Test
    void aStepOfRecoveryIsATransitionOnly() {
        metrics.on(moved("HALF_OPEN", "CLOSED", "RECOVERED", null));

        assertThat(names(onlyLine())).containsExactly("BreakerTransition");
    }

    @Test
    void aLostStoreIsCountedOnceWithItsCause() {
        metrics.on(new Notice.StoreLost(ENDPOINT, new IllegalStateException("no route")));
        metrics.on(new Notice.StoreFound(ENDPOINT));

        assertThat(onlyLine().path("BreakerStoreLost").asDouble()).isEqualTo(1);
        assertThat(onlyLine().path("cause").asText()).isEqualTo("java.lang.IllegalStateException: no route");
    }

    @Test
    void aCutPaceIsItsCallsOrTokensAMinute() {
        metrics.on(ENDPOINT, Measure.TOKENS, new Pace(250_000.4, NOW, NOW, 1));

        assertThat(names(onlyLine())).containsExactly("TokenPace");
        assertThat(onlyLine().path("TokenPace").asDouble()).isEqualTo(250_000);
        assertThat(onlyLine().path("Endpoint").asText()).isEqualTo(ENDPOINT.id());
    }

    @Test
    void droppedCountsAreCountedByTheirCalls() {
        metrics.on(new Notice.CountsDropped(ENDPOINT, new Counts(12, 3)));

        assertThat(onlyLine().path("BreakerCountsDropped").asDouble()).isEqualTo(12);
        assertThat(onlyLine().path("failures").asInt()).isEqualTo(3);
    }

    @Test
    void whatShadowModeWouldRefuseIsCounted() {
        metrics.on(new Notice.WouldRefuse(ENDPOINT, new Admission.Refusal("OPEN", NOW)));

        assertThat(onlyLine().path("WouldRefuse").asDouble()).isEqualTo(1);
    }

    @Test
    void aRegionIsOneWhenItBecomesUnhealthyAndZeroWhenItIsHealthyAgain() {
        metrics.on(new RegionHealth("us-east-1", RegionHealth.State.UNHEALTHY, NOW, "two fail", 1));
        metrics.on(new RegionHealth("us-east-1", RegionHealth.State.HEALTHY, NOW, "one is back", 2));

        assertThat(lines())
                .extracting(line -> line.path("RegionUnhealthy").asInt(-1))
                .containsExactly(1, 0);
        assertThat(lines())
                .allSatisfy(line -> assertThat(line.path("Region").asText()).isEqualTo("us-east-1"));
        assertThat(lines().getFirst().path("reason").asText()).isEqualTo("two fail");
    }

    @Test
    void oneLinesDetailsAreNotTheNexts() {
        metrics.on(moved("CLOSED", "OPEN", "FAILURE_RATE", new Counts(40, 14)));
        metrics.on(new Notice.WouldRefuse(ENDPOINT, new Admission.Refusal("OPEN", NOW)));

        JsonNode second = lines().getLast();
        assertThat(names(second)).containsExactly("WouldRefuse");
        assertThat(second.has("from")).isFalse();
    }

    @Test
    void whatCannotBeWrittenDoesNotHarmTheBreaker() {
        MetricLines broken = MetricLines.onStandardOutput(() -> {
            throw new IllegalStateException("no time");
        });

        new BreakerMetrics(broken).on(new Notice.StoreLost(ENDPOINT, new IllegalStateException()));

        assertThat(lines()).isEmpty();
    }

    @Test
    void nothingIsWrittenOutsideOfLambda() {
        new BreakerMetrics(MetricLines.silent()).on(moved("CLOSED", "OPEN", "FAILURE_RATE", new Counts(40, 14)));

        assertThat(lines()).isEmpty();
    }

    private static Notice moved(String from, String to, String reason, @Nullable Counts calls) {
        Transition transition = new Transition(
                7,
                NOW,
                from,
                to,
                null,
                reason,
                "said so",
                calls == null ? null : calls.calls(),
                calls == null ? null : calls.failures());
        return new Notice.Moved(ENDPOINT, transition, BreakerState.INITIAL);
    }

    private JsonNode onlyLine() {
        assertThat(lines()).hasSize(1);
        return lines().getFirst();
    }

    private List<JsonNode> lines() {
        List<JsonNode> lines = new ArrayList<>();
        written.toString(StandardCharsets.UTF_8).lines().forEach(line -> lines.add(embedded(line)));
        return lines;
    }

    /** Parses the line and holds it to the specification's required members. */
    private static JsonNode embedded(String text) {
        JsonNode line = parse(text);
        JsonNode metadata = line.path("_aws");
        assertThat(metadata.path("Timestamp").isIntegralNumber()).isTrue();
        assertThat(metadata.path("CloudWatchMetrics")).hasSize(1);
        JsonNode directive = metadata.path("CloudWatchMetrics").path(0);
        assertThat(directive.path("Namespace").asText()).isEqualTo("Breakwater");
        assertThat(directive.path("Dimensions")).hasSize(1);
        assertThat(directive.path("Dimensions").path(0))
                .hasSize(1)
                .allSatisfy(
                        name -> assertThat(line.path(name.asText()).isTextual()).isTrue());
        assertThat(directive.path("Metrics")).isNotEmpty().allSatisfy(metric -> {
            assertThat(metric.path("Unit").asText()).isEqualTo("Count");
            assertThat(line.path(metric.path("Name").asText()).isNumber()).isTrue();
        });
        return line;
    }

    private static List<String> names(JsonNode line) {
        return line.path("_aws")
                .path("CloudWatchMetrics")
                .path(0)
                .path("Metrics")
                .findValuesAsText("Name");
    }

    private static JsonNode parse(String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }
}
