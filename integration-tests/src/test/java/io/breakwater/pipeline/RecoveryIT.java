package io.breakwater.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.backend.OnEveryBackend;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobStore;
import io.breakwater.local.LocalOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of jobs whose message was lost, waits elsewhere or died. They were submitted some time ago. */
@OnEveryBackend
class RecoveryIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LEASE = Duration.ofMinutes(5);

    private static Pipeline pipeline;
    private static JobStore jobs;
    private static String tenant;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    @BeforeAll
    static void start() {
        pipeline = Pipeline.start(LocalOptions.DEFAULTS.withSweepInterval(Duration.ofSeconds(1)));
        jobs = pipeline.jobs();
        tenant = jobs.find(pipeline.submit("whose are these?")).orElseThrow().tenant();
    }

    @AfterAll
    static void stop() {
        pipeline.close();
    }

    @Test
    void aJobWhoseMessageWasLostIsServedAfterAQuarterOfAnHour() {
        submittedBefore("lost", Duration.ofMinutes(15));

        assertThat(awaitEnd("lost").path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(pipeline.result("lost")).asString(StandardCharsets.UTF_8).isEqualTo("lost");
    }

    @Test
    void aJobThatIsNotDueIsLeftAlone() {
        submittedBefore("early", Duration.ofMinutes(10));
        submittedBefore("due", Duration.ofMinutes(15));

        awaitEnd("due");

        assertThat(pipeline.job("early").path("status").asText()).isEqualTo("QUEUED");
    }

    @Test
    void aJobWhoseWorkerDiedWithItsMessageIsServedByAnother() {
        Instant submitted = submittedBefore("orphan", Duration.ofMinutes(15));
        jobs.claim(new JobMessage("orphan", 0), "claim-1", submitted.plus(LEASE), submitted);

        assertThat(awaitEnd("orphan").path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(jobs.find("orphan").orElseThrow().crashes()).isEqualTo(1);
    }

    @Test
    void aJobThatWaitedLongerThanAMessageCanIsReleased() {
        park("parked", Duration.ofHours(2), now.minusSeconds(1));

        assertThat(awaitEnd("parked").path("status").asText()).isEqualTo("SUCCEEDED");
    }

    @Test
    void aJobThatWaitsLongCanBeCancelledAndStaysSo() {
        park("cancelled", Duration.ofHours(2), now.plusSeconds(3));

        assertThat(pipeline.delete("/jobs/cancelled").statusCode()).isEqualTo(200);

        submittedBefore("after", Duration.ofMinutes(15));
        awaitEnd("after");
        assertThat(pipeline.job("cancelled").path("status").asText()).isEqualTo("CANCELLED");
        assertThat(pipeline.delete("/jobs/cancelled").statusCode()).isEqualTo(200);
    }

    @Test
    void aJobPastItsDeadlineExpires() {
        submittedBefore("late", Duration.ofHours(7));

        assertThat(awaitEnd("late").path("status").asText()).isEqualTo("EXPIRED");
        assertThat(pipeline.job("late").path("error").path("code").asText()).isEqualTo("EXPIRED");
    }

    @Test
    void aDeadLetterBringsItsJobBack() {
        submittedBefore("dead", Duration.ZERO);

        pipeline.sqs()
                .sendMessage(send ->
                        send.queueUrl(pipeline.deadLetterQueueUrl()).messageBody(new JobMessage("dead", 0).body()));

        assertThat(awaitEnd("dead").path("status").asText()).isEqualTo("SUCCEEDED");
    }

    @Test
    void poisonInTheDeadLetterQueueIsKept() {
        pipeline.sqs()
                .sendMessage(
                        send -> send.queueUrl(pipeline.deadLetterQueueUrl()).messageBody("this names no job"));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(pipeline.poison()).contains("this names no job"));
    }

    /** A job whose message was never sent. */
    private Instant submittedBefore(String id, Duration age) {
        Instant submitted = now.minus(age);
        JobRequest request = JobRequest.of(id);
        jobs.create(Job.queued(id, tenant, request, submitted), request);
        return submitted;
    }

    private void park(String id, Duration age, Instant notBefore) {
        Instant submitted = submittedBefore(id, age);
        jobs.claim(new JobMessage(id, 0), "claim-1", submitted.plus(LEASE), submitted);
        jobs.defer(id, "claim-1", notBefore, List.of(), submitted);
    }

    private static JsonNode awaitEnd(String id) {
        return await().atMost(PATIENCE)
                .until(
                        () -> pipeline.job(id),
                        job -> List.of("SUCCEEDED", "FAILED", "EXPIRED", "CANCELLED")
                                .contains(job.path("status").asText()));
    }
}
