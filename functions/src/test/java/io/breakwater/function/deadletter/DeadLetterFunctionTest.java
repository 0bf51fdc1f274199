package io.breakwater.function.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.tests.EventLoader;
import io.breakwater.function.RecoveryMetrics;
import io.breakwater.function.request.FakeContext;
import io.breakwater.job.InMemoryJobQueue;
import io.breakwater.job.InMemoryJobQueue.Sent;
import io.breakwater.job.InMemoryJobStore;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobQueue;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobRequest.WhenUnavailable;
import io.breakwater.result.InMemoryResultStore;
import io.breakwater.sweep.DeadLetters;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeadLetterFunctionTest {
    private static final Path EVENT = Path.of("..", "events", "dead-letter-batch.json");
    private static final String ID = "01JDGQ7M3V9K4T8Z2X5Y6W7B8C";
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private final InMemoryJobStore jobs = new InMemoryJobStore(() -> NOW);
    private final InMemoryJobQueue queue = new InMemoryJobQueue(() -> NOW);
    private final InMemoryResultStore objects = new InMemoryResultStore();

    @Test
    void aJobOfTheBatchGoesOnAndPoisonIsKept() {
        submit();

        SQSBatchResponse response = handle(queue);

        assertThat(response.getBatchItemFailures()).isEmpty();
        assertThat(queue.waiting()).extracting(Sent::message).containsExactly(new JobMessage(ID, 0));
        assertThat(objects.objects()).containsOnlyKeys("poison/7c1d9a02-87a3-44ab-83d2-661970000002");
    }

    @Test
    void whatCannotBeSentComesAgainAndHoldsUpNothingElse() {
        submit();

        SQSBatchResponse response = handle((message, tenant, delay) -> {
            throw new IllegalStateException("the queue is away");
        });

        assertThat(response.getBatchItemFailures())
                .extracting(BatchItemFailure::getItemIdentifier)
                .containsExactly("7c1d9a02-87a3-44ab-83d2-661970000001");
        assertThat(objects.objects()).hasSize(1);
    }

    private SQSBatchResponse handle(JobQueue to) {
        DeadLetters deadLetters = new DeadLetters(jobs, to, objects, () -> NOW);
        SQSEvent event = EventLoader.loadSQSEvent(EVENT.toString());
        try (DeadLetterFunction function = new DeadLetterFunction(deadLetters, RecoveryMetrics.silent(), () -> {})) {
            return function.handleRequest(event, new FakeContext("invocation-1"));
        }
    }

    private void submit() {
        JobRequest request =
                new JobRequest(List.of(), null, null, null, List.of(), true, WhenUnavailable.QUEUE, 21_600, Map.of());
        jobs.create(Job.queued(ID, "tenant", request, NOW), request);
    }
}
