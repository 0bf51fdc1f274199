package io.breakwater.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.tenant.HeldBack;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TenantMetricsTest {
    @RegisterExtension
    final WrittenMetrics output = new WrittenMetrics();

    @Test
    void theJobsOfATenantThatWereHeldBackAreOneMetricOfAllTenants() {
        new TenantMetrics(MetricLines.onStandardOutput(() -> Instant.EPOCH))
                .on(new HeldBack("acme", 7, 20, Instant.parse("2026-03-01T10:00:02Z")));

        JsonNode line = output.onlyLine();
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
