package io.breakwater.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.breakwater.backend.OnEveryBackend;
import io.breakwater.local.LocalOptions;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a job costs in requests to DynamoDB, SQS and S3, counted on the wire in the whole pipeline. */
@OnEveryBackend
class RequestsPerJobIT {
    private Pipeline pipeline;

    @BeforeEach
    void start() {
        pipeline = Pipeline.start(LocalOptions.DEFAULTS.withWorkers(1));
        pipeline.awaitEnd(pipeline.submit("the first reads the breaker's state"));
        pipeline.awaitEmptyQueue();
    }

    @AfterEach
    void stop() {
        pipeline.close();
    }

    @Test
    void aJobAloneInItsBatchCostsFourWritesAtMostAndARead() {
        int jobs = 20;

        Map<String, Integer> sent = sentWhile(() -> IntStream.range(0, jobs).forEach(number -> {
            pipeline.submit("job " + number);
            awaitCalls(number + 2);
            pipeline.awaitEmptyQueue();
        }));

        // Create, claim and end; and what the worker tells the breaker, unless the store was slow to answer it.
        assertThat(sent).containsEntry("DynamoDb.PutItem", jobs);
        assertThat(sent.get("DynamoDb.UpdateItem")).isBetween(2 * jobs, 3 * jobs);
        assertThat(sent.getOrDefault("DynamoDb.GetItem", 0)).isLessThanOrEqualTo(jobs);
        assertThat(sent)
                .containsEntry("Sqs.SendMessage", jobs)
                .containsEntry("Sqs.DeleteMessageBatch", jobs)
                .containsEntry("S3.PutObject", jobs)
                .doesNotContainKey("S3.GetObject");
    }

    @Test
    void aBatchTellsTheBreakerOnce() {
        pipeline.setLatency(300);
        int jobs = 50;

        Map<String, Integer> sent = sentWhile(() -> {
            IntStream.range(0, jobs).forEach(number -> pipeline.submit("job " + number));
            awaitCalls(jobs + 1);
            pipeline.awaitEmptyQueue();
        });

        assertThat(sent.get("DynamoDb.UpdateItem")).isBetween(2 * jobs, 2 * jobs + jobs / 2);
        assertThat(sent.getOrDefault("DynamoDb.GetItem", 0)).isLessThanOrEqualTo(jobs / 2);
    }

    @Test
    void aLargePromptCostsOneMoreObject() {
        Map<String, Integer> sent = sentWhile(() -> {
            pipeline.submit("sea ".repeat(20_000));
            awaitCalls(2);
            pipeline.awaitEmptyQueue();
        });

        assertThat(sent).containsEntry("S3.PutObject", 2).containsEntry("S3.GetObject", 1);
    }

    private void awaitCalls(int calls) {
        await().atMost(Duration.ofSeconds(60)).until(() -> pipeline.calls("*", "*") >= calls);
    }

    private static Map<String, Integer> sentWhile(Runnable work) {
        Map<String, Integer> before = SentRequests.counts();
        work.run();
        Map<String, Integer> sent = new TreeMap<>(SentRequests.counts());
        before.forEach((operation, count) -> sent.merge(operation, -count, Integer::sum));
        sent.values().removeIf(count -> count == 0);
        return sent;
    }
}
