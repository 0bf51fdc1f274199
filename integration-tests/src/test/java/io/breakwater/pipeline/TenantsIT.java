package io.breakwater.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.breakwater.backend.OnEveryBackend;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobStatus;
import io.breakwater.job.JobStore;
import io.breakwater.tenant.SlotStep;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tenants in the whole pipeline, each with two jobs in flight at most, and one worker. */
@OnEveryBackend
class TenantsIT {
    private static final String CHAIN = """
        models: { big: big-model }
        tiers:
          - { name: primary, maxTokens: 4096, endpoints: [ { region: us-east-1, model: big } ] }
        tenants: { maximumInFlight: 2 }
        """;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private Pipeline pipeline;
    private JobStore jobs;

    @BeforeEach
    void start() {
        pipeline = Pipeline.startWith(CHAIN, directory, options -> options.withWorkers(1));
        pipeline.setLatency(1_000);
        jobs = pipeline.jobs();
    }

    @AfterEach
    void stop() {
        pipeline.close();
    }

    @Test
    void oneTenantsFloodDoesNotHoldUpAnothersJobAndIsServedItself() {
        List<String> flood = IntStream.range(0, 30)
                .mapToObj(number -> submit("flood-" + number, "tenant-a"))
                .toList();
        String other = submit("other", "tenant-b");

        awaitSuccess(other);

        flood.forEach(this::awaitSuccess);
        Instant submitted = job(other).createdAt();
        Instant served = job(other).updatedAt();
        assertThat(flood)
                .as("served while the other's job waited")
                .filteredOn(id -> job(id).updatedAt().isAfter(submitted)
                        && job(id).updatedAt().isBefore(served))
                .hasSizeLessThan(20);
        assertThat(flood).allSatisfy(id -> assertThat(job(id).attempts()).hasSize(1));
    }

    @Test
    void aWorkerThatDiedBlocksItsTenantNoLongerThanItsLease() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Instant leaseUntil = now.plusSeconds(8);
        List.of("dead-1", "dead-2")
                .forEach(claim ->
                        pipeline.slots().apply("tenant-c", new SlotStep.Take(claim, leaseUntil, List.of(), 2, 2, now)));

        awaitSuccess(submit("waits", "tenant-c"));

        assertThat(job("waits").updatedAt()).isBetween(leaseUntil, leaseUntil.plusSeconds(60));
        assertThat(job("waits").generation()).isPositive();
    }

    private String submit(String id, String tenant) {
        JobRequest request = JobRequest.of(id);
        jobs.create(Job.queued(id, tenant, request, Instant.now()), request);
        pipeline.sqs()
                .sendMessage(send -> send.queueUrl(pipeline.jobQueueUrl())
                        .messageGroupId(tenant)
                        .messageBody(new JobMessage(id, 0).body()));
        return id;
    }

    private void awaitSuccess(String id) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(job(id).status()).isEqualTo(JobStatus.SUCCEEDED));
    }

    private Job job(String id) {
        return jobs.find(id).orElseThrow();
    }
}
