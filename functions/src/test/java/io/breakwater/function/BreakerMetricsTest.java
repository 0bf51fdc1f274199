package io.breakwater.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.breaker.Admission;
import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.breaker.BreakerState;
import io.breakwater.breaker.Counts;
import io.breakwater.breaker.Transition;
import io.breakwater.health.RegionHealth;
import io.breakwater.model.Endpoint;
import io.breakwater.pacing.Measure;
import io.breakwater.pacing.Pace;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BreakerMetricsTest {
    private static final Endpoint ENDPOINT =
            new Endpoint("us-east-1", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "sonnet");
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @RegisterExtension
    final WrittenMetrics output = new WrittenMetrics();

    private final BreakerMetrics metrics = new BreakerMetrics(MetricLines.onStandardOutput(() -> NOW));

    @Test
    void anOpeningIsOneLineOfTwoMetricsOfItsEndpoint() {
        metrics.on(moved("CLOSED", "OPEN", "FAILURE_RATE", new Counts(40, 14)));

        JsonNode line = output.onlyLine();
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

        assertThat(names(output.onlyLine())).contains("BreakerOpened", "EndpointDisabled");
        assertThat(output.onlyLine().has("calls")).isFalse();
    }

    @Test
    void aStepOfRecoveryIsATransitionOnly() {
        metrics.on(moved("HALF_OPEN", "CLOSED", "RECOVERED", null));

        assertThat(names(output.onlyLine())).containsExactly("BreakerTransition");
    }

    @Test
    void aLostStoreIsCountedOnceWithItsCause() {
        metrics.on(new Notice.StoreLost(ENDPOINT, new IllegalStateException("no route")));
        metrics.on(new Notice.StoreFound(ENDPOINT));

        assertThat(output.onlyLine().path("BreakerStoreLost").asDouble()).isEqualTo(1);
        assertThat(output.onlyLine().path("cause").asText()).isEqualTo("java.lang.IllegalStateException: no route");
    }

    @Test
    void aCutPaceIsItsCallsOrTokensAMinute() {
        metrics.on(ENDPOINT, Measure.TOKENS, new Pace(250_000.4, NOW, NOW, 1));

        assertThat(names(output.onlyLine())).containsExactly("TokenPace");
        assertThat(output.onlyLine().path("TokenPace").asDouble()).isEqualTo(250_000);
        assertThat(output.onlyLine().path("Endpoint").asText()).isEqualTo(ENDPOINT.id());
    }

    @Test
    void droppedCountsAreCountedByTheirCalls() {
        metrics.on(new Notice.CountsDropped(ENDPOINT, new Counts(12, 3)));

        assertThat(output.onlyLine().path("BreakerCountsDropped").asDouble()).isEqualTo(12);
        assertThat(output.onlyLine().path("failures").asInt()).isEqualTo(3);
    }

    @Test
    void whatShadowModeWouldRefuseIsCounted() {
        metrics.on(new Notice.WouldRefuse(ENDPOINT, new Admission.Refusal("OPEN", NOW)));

        assertThat(output.onlyLine().path("WouldRefuse").asDouble()).isEqualTo(1);
    }

    @Test
    void aRegionIsOneWhenItBecomesUnhealthyAndZeroWhenItIsHealthyAgain() {
        metrics.on(new RegionHealth("us-east-1", RegionHealth.State.UNHEALTHY, NOW, "two fail", 1));
        metrics.on(new RegionHealth("us-east-1", RegionHealth.State.HEALTHY, NOW, "one is back", 2));

        assertThat(output.lines())
                .extracting(line -> line.path("RegionUnhealthy").asInt(-1))
                .containsExactly(1, 0);
        assertThat(output.lines())
                .allSatisfy(line -> assertThat(line.path("Region").asText()).isEqualTo("us-east-1"));
        assertThat(output.lines().getFirst().path("reason").asText()).isEqualTo("two fail");
    }

    @Test
    void oneLinesDetailsAreNotTheNexts() {
        metrics.on(moved("CLOSED", "OPEN", "FAILURE_RATE", new Counts(40, 14)));
        metrics.on(new Notice.WouldRefuse(ENDPOINT, new Admission.Refusal("OPEN", NOW)));

        JsonNode second = output.lines().getLast();
        assertThat(names(second)).containsExactly("WouldRefuse");
        assertThat(second.has("from")).isFalse();
    }

    @Test
    void whatCannotBeWrittenDoesNotHarmTheBreaker() {
        MetricLines broken = MetricLines.onStandardOutput(() -> {
            throw new IllegalStateException("no time");
        });

        new BreakerMetrics(broken).on(new Notice.StoreLost(ENDPOINT, new IllegalStateException()));

        assertThat(output.lines()).isEmpty();
    }

    @Test
    void nothingIsWrittenOutsideOfLambda() {
        new BreakerMetrics(MetricLines.silent()).on(moved("CLOSED", "OPEN", "FAILURE_RATE", new Counts(40, 14)));

        assertThat(output.lines()).isEmpty();
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

    private static List<String> names(JsonNode line) {
        return line.path("_aws")
                .path("CloudWatchMetrics")
                .path(0)
                .path("Metrics")
                .findValuesAsText("Name");
    }
}
