package io.breakwater.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.backend.AwsClients;
import io.breakwater.backend.OnEveryBackend;
import io.breakwater.backend.RequestCounter;
import io.breakwater.local.engine.AwsResources;
import io.breakwater.result.ResultStore;
import io.breakwater.result.S3ResultStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The requests that one job's life costs, from submission to success. */
@OnEveryBackend
class JobCostIT {
    private final RequestCounter sent = new RequestCounter();
    private final IndexWrites written = new IndexWrites();
    private final TestClock clock = new TestClock();
    private final AwsClients clients;
    private final ResultStore results;
    private final JobStore jobs;
    private final JobQueue queue;

    JobCostIT(AwsResources resources) {
        clients = new AwsClients(resources, sent, written);
        results = new S3ResultStore(clients.s3(), clients.presigner(), resources.resultsBucket());
        jobs = new DynamoDbJobStore(clients.dynamoDb(), resources.jobsTable(), results, clock);
        queue = new SqsJobQueue(clients.sqs(), resources.jobQueueUrl());
    }

    @AfterEach
    void close() {
        clients.close();
    }

    @Test
    void aJobCostsThreeWritesNoReadsAndOneObject() {
        live("small", Jobs.request("Why is the sea salt?"));

        assertThat(sent.counts())
                .isEqualTo(Map.of(
                        "DynamoDb.PutItem", 1,
                        "DynamoDb.UpdateItem", 2,
                        "Sqs.SendMessage", 1,
                        "S3.PutObject", 1));
    }

    @Test
    void aJobWithALargePromptCostsOneMoreObject() {
        live("large", Jobs.request("sea ".repeat(10_000)));

        assertThat(sent.counts())
                .isEqualTo(Map.of(
                        "DynamoDb.PutItem", 1,
                        "DynamoDb.UpdateItem", 2,
                        "Sqs.SendMessage", 1,
                        "S3.PutObject", 2,
                        "S3.GetObject", 1));
    }

    @Test
    void aRefusedWriteCostsNoRead() {
        // Given
        JobRequest request = Jobs.request("again");
        jobs.create(Job.queued("cost-again", "cost", request, clock.instant()), request);
        clock.advance(Duration.ofSeconds(1));

        // When
        jobs.create(Job.queued("cost-again", "cost", request, clock.instant()), request);
        jobs.claim(new JobMessage("cost-again", 7), "claim", clock.instant(), clock.instant());
        jobs.cancel("cost-again", "another", clock.instant());

        // Then
        assertThat(sent.counts()).isEqualTo(Map.of("DynamoDb.PutItem", 2, "DynamoDb.UpdateItem", 2));
    }

    /** One entry of a new job in each of two indexes, and one taken away at its end. */
    @Test
    void aJobCostsThreeIndexWritesHoweverOftenItWaits() {
        // Given
        JobRequest request = Jobs.request("Why is the sea salt?");
        Job job = Job.queued("cost-index", "cost", request, clock.instant());

        // When
        jobs.create(job, request);
        Map<String, Double> created = written.since();
        for (int generation = 0; generation < 3; generation++) {
            clock.advance(Duration.ofMinutes(2));
            jobs.claim(
                    new JobMessage(job.id(), generation),
                    "claim-" + generation,
                    clock.instant().plusSeconds(60),
                    clock.instant());
            jobs.defer(job.id(), "claim-" + generation, clock.instant().plusSeconds(90), List.of(), clock.instant());
        }
        jobs.claim(new JobMessage(job.id(), 3), "claim-3", clock.instant().plusSeconds(60), clock.instant());
        Map<String, Double> meanwhile = written.since();
        jobs.succeed(job.id(), "claim-3", Jobs.success(job.id(), "claim-3", List.of()), clock.instant());
        Map<String, Double> ended = written.since();

        // Then
        assertThat(created).isEqualTo(Map.of("byTenant", 1.0, "byDue", 1.0));
        assertThat(meanwhile).isEmpty();
        assertThat(ended).isEqualTo(Map.of("byDue", 1.0));
    }

    private void live(String name, JobRequest request) {
        Job job = Job.queued("cost-" + name, "cost", request, clock.instant());
        jobs.create(job, request);
        queue.send(new JobMessage(job.id(), 0), job.tenant(), Duration.ZERO);
        jobs.claim(new JobMessage(job.id(), 0), "claim", clock.instant().plusSeconds(60), clock.instant());
        results.put(ResultStore.resultKey(job.id(), "claim"), "Because of the rivers.");
        jobs.succeed(job.id(), "claim", Jobs.success(job.id(), "claim", List.of()), clock.instant());
    }
}
