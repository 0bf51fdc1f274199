package io.breakwater.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.local.engine.AwsClients;
import io.breakwater.local.engine.AwsEngines;
import io.breakwater.local.engine.RequestCounter;
import io.breakwater.local.engine.SharedEngines;
import io.breakwater.result.ResultStore;
import io.breakwater.result.S3ResultStore;
import io.breakwater.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The requests that one job's life costs, from submission to success. */
@ExtendWith(SharedEngines.class)
class JobCostIT {
    private final RequestCounter sent = new RequestCounter();
    private final TestClock clock = new TestClock();
    private final AwsEngines engines;
    private final AwsClients clients;
    private final ResultStore results;
    private final JobStore jobs;
    private final JobQueue queue;

    JobCostIT(AwsEngines engines) {
        this.engines = engines;
        clients = new AwsClients(engines, sent);
        results = new S3ResultStore(clients.s3(), clients.presigner(), Topology.RESULTS_BUCKET);
        jobs = new DynamoDbJobStore(clients.dynamoDb(), Topology.JOBS.name(), results, clock);
        queue = new SqsJobQueue(clients.sqs(), engines.queueUrl("cost").toString());
    }

    @BeforeEach
    void createQueue() {
        try (var others = new AwsClients(engines)) {
            others.sqs().createQueue(create -> create.queueName("cost"));
        }
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

    private void live(String name, JobRequest request) {
        Job job = Job.queued("cost-" + name, "cost", request, clock.instant());
        jobs.create(job, request);
        queue.send(new JobMessage(job.id(), 0), job.tenant(), Duration.ZERO);
        jobs.claim(new JobMessage(job.id(), 0), "claim", clock.instant().plusSeconds(60), clock.instant());
        results.put(ResultStore.resultKey(job.id(), "claim"), "Because of the rivers.");
        jobs.succeed(job.id(), "claim", Jobs.success(job.id(), "claim", List.of()), clock.instant());
    }
}
