package io.breakwater.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.job.JobError;
import io.breakwater.job.JobStatus;
import io.breakwater.json.Json;
import io.breakwater.worker.JobEnd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobMetricsTest {
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
    void theJobsOfAnInvocationAreALineForEachStatusAndTier() throws IOException {
        new JobMetrics(MetricLines.onStandardOutput(() -> Instant.EPOCH))
                .on(List.of(
                        new JobEnd(JobStatus.SUCCEEDED, "primary", null),
                        new JobEnd(JobStatus.FAILED, null, "CALLER_FAULT"),
                        new JobEnd(JobStatus.SUCCEEDED, "fallback", null),
                        new JobEnd(JobStatus.SUCCEEDED, "primary", null)));

        assertThat(lines().stream().map(JobMetricsTest::withoutMetadata))
                .containsExactly(
                        "{\"Status\":\"FAILED\",\"JobsFinished\":1}",
                        "{\"Status\":\"SUCCEEDED\",\"JobsFinished\":3}",
                        "{\"Tier\":\"fallback\",\"JobsServed\":1}",
                        "{\"Tier\":\"primary\",\"JobsServed\":2}");
    }

    @Test
    void aBrokenPromiseIsCountedAsTheOtherFunctionsCountIt() throws IOException {
        new JobMetrics(MetricLines.onStandardOutput(() -> Instant.EPOCH))
                .on(List.of(
                        new JobEnd(JobStatus.EXPIRED, null, JobError.EXPIRED.code()),
                        new JobEnd(JobStatus.FAILED, null, JobError.crashed(3).code())));

        assertThat(lines().stream().map(JobMetricsTest::withoutMetadata))
                .contains(
                        "{\"Function\":\"worker\",\"JobsExpired\":1}", "{\"Function\":\"worker\",\"JobsAbandoned\":1}");
    }

    @Test
    void anInvocationThatEndedNothingWritesNothing() {
        new JobMetrics(MetricLines.onStandardOutput(() -> Instant.EPOCH)).on(List.of());

        assertThat(written.size()).isZero();
    }

    private static String withoutMetadata(JsonNode line) {
        return ((ObjectNode) line).without("_aws").toString();
    }

    private List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : written.toString(StandardCharsets.UTF_8).lines().toList()) {
            lines.add(Json.MAPPER.readTree(line));
        }
        return lines;
    }
}
