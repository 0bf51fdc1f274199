package io.breakwater.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.sweep.DeadLetters.Fate;
import io.breakwater.sweep.SweepReport;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RecoveryMetricsTest {
    @RegisterExtension
    final WrittenMetrics output = new WrittenMetrics();

    private final RecoveryMetrics metrics = new RecoveryMetrics(MetricLines.onStandardOutput(() -> Instant.EPOCH));

    @Test
    void aRunOfTheSweeperIsOneLineOfWhatItDid() {
        metrics.on(new SweepReport(9, 2, 0, 0, 3, 0, 1));

        JsonNode line = output.onlyLine();
        assertThat(line.path("Function").asText()).isEqualTo("sweeper");
        assertThat(line.path("JobsResent").asInt()).isEqualTo(2);
        assertThat(line.path("JobsExpired").asInt()).isEqualTo(3);
        assertThat(line.path("SweepErrors").asInt()).isEqualTo(1);
        assertThat(line.has("JobsReleased")).isFalse();
    }

    @Test
    void aRunThatDidNothingWritesNothing() {
        metrics.on(new SweepReport(4, 0, 0, 0, 0, 0, 0));

        assertThat(output.lines()).isEmpty();
    }

    @Test
    void keptPoisonIsAMetricOfItsOwn() {
        metrics.on("message-1", Fate.KEPT);

        JsonNode line = output.onlyLine();
        assertThat(line.path("PoisonKept").asInt()).isEqualTo(1);
        assertThat(line.path("DeadLetters").asInt()).isEqualTo(1);
        assertThat(line.toString()).contains("message-1");
    }

    @Test
    void aJobThatItsDeadLetterEndedIsCountedAsTheSweeperCountsIt() {
        metrics.on("message-1", Fate.EXPIRED);

        JsonNode line = output.onlyLine();
        assertThat(line.path("Function").asText()).isEqualTo("dead-letter");
        assertThat(line.path("JobsExpired").asInt()).isEqualTo(1);
        assertThat(line.has("JobsAbandoned")).isFalse();
    }
}
