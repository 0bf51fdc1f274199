package io.breakwater.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.job.JobError;
import io.breakwater.job.JobStatus;
import io.breakwater.worker.JobEnd;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class JobMetricsTest {
    @RegisterExtension
    final WrittenMetrics output = new WrittenMetrics();

    @Test
    void theJobsOfAnInvocationAreALineForEachStatusAndTier() {
        new JobMetrics(MetricLines.onStandardOutput(() -> Instant.EPOCH))
                .on(List.of(
                        new JobEnd(JobStatus.SUCCEEDED, "primary", null),
                        new JobEnd(JobStatus.FAILED, null, "CALLER_FAULT"),
                        new JobEnd(JobStatus.SUCCEEDED, "fallback", null),
                        new JobEnd(JobStatus.SUCCEEDED, "primary", null)));

        assertThat(output.lines().stream().map(JobMetricsTest::withoutMetadata))
                .containsExactly(
                        "{\"Status\":\"FAILED\",\"JobsFinished\":1}",
                        "{\"Status\":\"SUCCEEDED\",\"JobsFinished\":3}",
                        "{\"Tier\":\"fallback\",\"JobsServed\":1}",
                        "{\"Tier\":\"primary\",\"JobsServed\":2}");
    }

    @Test
    void aBrokenPromiseIsCountedAsTheOtherFunctionsCountIt() {
        new JobMetrics(MetricLines.onStandardOutput(() -> Instant.EPOCH))
                .on(List.of(
                        new JobEnd(JobStatus.EXPIRED, null, JobError.EXPIRED.code()),
                        new JobEnd(JobStatus.FAILED, null, JobError.crashed(3).code())));

        assertThat(output.lines().stream().map(JobMetricsTest::withoutMetadata))
                .contains(
                        "{\"Function\":\"worker\",\"JobsExpired\":1}", "{\"Function\":\"worker\",\"JobsAbandoned\":1}");
    }

    @Test
    void anInvocationThatEndedNothingWritesNothing() {
        new JobMetrics(MetricLines.onStandardOutput(() -> Instant.EPOCH)).on(List.of());

        assertThat(output.lines()).isEmpty();
    }

    private static String withoutMetadata(JsonNode line) {
        return ((ObjectNode) line).without("_aws").toString();
    }
}
