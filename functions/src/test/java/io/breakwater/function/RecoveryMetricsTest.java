package io.breakwater.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.json.Json;
import io.breakwater.sweep.DeadLetters.Fate;
import io.breakwater.sweep.SweepReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecoveryMetricsTest {
    private final PrintStream standardOutput = System.out;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private RecoveryMetrics metrics = RecoveryMetrics.silent();

    @BeforeEach
    void beInLambda() {
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        metrics = new RecoveryMetrics(MetricLines.onStandardOutput(() -> Instant.EPOCH));
    }

    @AfterEach
    void beWhereItWas() {
        System.setOut(standardOutput);
    }

    @Test
    void aRunOfTheSweeperIsOneLineOfWhatItDid() throws IOException {
        metrics.on(new SweepReport(9, 2, 0, 0, 3, 0, 1));

        JsonNode line = Json.MAPPER.readTree(written.toString(StandardCharsets.UTF_8));
        assertThat(line.path("Function").asText()).isEqualTo("sweeper");
        assertThat(line.path("JobsResent").asInt()).isEqualTo(2);
        assertThat(line.path("JobsExpired").asInt()).isEqualTo(3);
        assertThat(line.path("SweepErrors").asInt()).isEqualTo(1);
        assertThat(line.has("JobsReleased")).isFalse();
    }

    @Test
    void aRunThatDidNothingWritesNothing() {
        metrics.on(new SweepReport(4, 0, 0, 0, 0, 0, 0));

        assertThat(written.size()).isZero();
    }

    @Test
    void keptPoisonIsAMetricOfItsOwn() throws IOException {
        metrics.on("message-1", Fate.KEPT);

        JsonNode line = Json.MAPPER.readTree(written.toString(StandardCharsets.UTF_8));
        assertThat(line.path("PoisonKept").asInt()).isEqualTo(1);
        assertThat(line.path("DeadLetters").asInt()).isEqualTo(1);
        assertThat(line.toString()).contains("message-1");
    }

    @Test
    void aJobThatItsDeadLetterEndedIsCountedAsTheSweeperCountsIt() throws IOException {
        metrics.on("message-1", Fate.EXPIRED);

        JsonNode line = Json.MAPPER.readTree(written.toString(StandardCharsets.UTF_8));
        assertThat(line.path("Function").asText()).isEqualTo("dead-letter");
        assertThat(line.path("JobsExpired").asInt()).isEqualTo(1);
        assertThat(line.has("JobsAbandoned")).isFalse();
    }
}
