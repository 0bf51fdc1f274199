package io.breakwater.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.json.Json;
import io.breakwater.tenant.HeldBack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TenantMetricsTest {
    private final PrintStream standardOutput = System.out;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @BeforeEach
    void beInLambda() {
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void beWhereItWas() {
        System.setOut(standardOutput);
    }

    @Test
    void theJobsOfATenantThatWereHeldBackAreOneMetricOfAllTenants() throws IOException {
        new TenantMetrics(MetricLines.onStandardOutput(() -> Instant.EPOCH))
                .on(new HeldBack("acme", 7, 20, Instant.parse("2026-03-01T10:00:02Z")));

        JsonNode line = Json.MAPPER.readTree(written.toString(StandardCharsets.UTF_8));
        JsonNode directive = line.at("/_aws/CloudWatchMetrics/0");
        assertThat(directive.path("Dimensions")).hasToString("[[\"Function\"]]");
        assertThat(directive.path("Metrics")).hasToString("[{\"Name\":\"JobsHeldBack\",\"Unit\":\"Count\"}]");
        assertThat(line.path("Function").asText()).isEqualTo("worker");
        assertThat(line.path("JobsHeldBack").asInt()).isEqualTo(7);
        assertThat(line.path("tenant").asText()).isEqualTo("acme");
        assertThat(line.path("inFlight").asInt()).isEqualTo(20);
        assertThat(line.path("nextAt").asText()).isEqualTo("2026-03-01T10:00:02Z");
    }
}
