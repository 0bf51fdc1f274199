package io.breakwater.pipeline;

import static org.awaitility.Awaitility.await;

import io.breakwater.function.AwsClients;
import io.breakwater.function.Settings;
import io.breakwater.local.BedrockTarget;
import io.breakwater.local.LocalOptions;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Jobs per second through the whole local pipeline, client included, in one JVM: {@code mvn -Pbenchmark}.
 *
 * <p>The baseline is the least that a job needs from the same embedded services, sent bare by the same SDK: three
 * DynamoDB writes, an SQS send, an S3 put. What the pipeline takes beyond it is HTTP, the model call, and Breakwater.
 * Rounds of both take turns, so that noise hits both; the median counts.
 */
final class ThroughputBenchmark {
    private static final int WARM_UP_JOBS = 6_000;
    private static final int JOBS = 2_000;
    private static final int ROUNDS = 3;
    private static final int CONCURRENT_CLIENTS = 32;

    private ThroughputBenchmark() {}

    static void main() {
        LocalOptions options = LocalOptions.DEFAULTS
                .withBedrock(new BedrockTarget.Simulator(1, Duration.ZERO))
                .withWorkers(8);
        try (Pipeline pipeline = Pipeline.start(options);
                Bare bare = new Bare(pipeline.settings())) {
            serve(pipeline, WARM_UP_JOBS);
            atOnce(WARM_UP_JOBS, bare::request);
            System.out.println("| model latency | pipeline, jobs/s | bare requests, jobs/s | ratio |");
            System.out.println("|---|---|---|---|");
            for (int latency : new int[] {0, 200}) {
                pipeline.setLatency(latency);
                double[] jobs = new double[ROUNDS];
                double[] requests = new double[ROUNDS];
                for (int round = 0; round < ROUNDS; round++) {
                    jobs[round] = JOBS / seconds(() -> serve(pipeline, JOBS));
                    requests[round] = JOBS / seconds(() -> atOnce(JOBS, bare::request));
                }
                System.out.printf(
                        "| %d ms | %.0f | %.0f | %.2f |%n",
                        latency, median(jobs), median(requests), median(jobs) / median(requests));
            }
            System.gc();
            System.out.printf(
                    "Heap used after a collection: %d MB%n",
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1_000_000);
        }
        System.exit(0);
    }

    private static void serve(Pipeline pipeline, int jobs) {
        int before = pipeline.calls("*", "*");
        atOnce(jobs, number -> pipeline.submit("job " + number));
        await().atMost(Duration.ofMinutes(5)).until(() -> pipeline.calls("*", "*") >= before + jobs);
        pipeline.awaitEmptyQueue();
    }

    private static void atOnce(int times, IntConsumer task) {
        Semaphore clients = new Semaphore(CONCURRENT_CLIENTS);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, times).forEach(number -> {
                clients.acquireUninterruptibly();
                threads.execute(() -> {
                    try {
                        task.accept(number);
                    } finally {
                        clients.release();
                    }
                });
            });
        }
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(double[] values) {
        return Arrays.stream(values).sorted().toArray()[values.length / 2];
    }

    /** A job's requests without a job. */
    private static final class Bare implements AutoCloseable {
        private final Settings settings;
        private final SdkHttpClient http =
                Apache5HttpClient.builder().maxConnections(CONCURRENT_CLIENTS).build();
        private final DynamoDbClient dynamoDb;
        private final SqsClient sqs;
        private final S3Client s3;
        private final String queueUrl;

        private Bare(Settings settings) {
            AwsClients clients = new AwsClients(settings, http);
            this.settings = settings;
            this.dynamoDb = clients.jobs();
            this.sqs = clients.sqs();
            this.s3 = clients.s3();
            this.queueUrl = sqs.createQueue(create -> create.queueName("bare")).queueUrl();
        }

        private void request(int number) {
            String id = UUID.randomUUID().toString();
            dynamoDb.putItem(put -> put.tableName(settings.jobsTable())
                    .item(Map.of("id", AttributeValue.fromS(id), "text", AttributeValue.fromS("job " + number))));
            sqs.sendMessage(send -> send.queueUrl(queueUrl).messageBody(id));
            update(id, "RUNNING");
            s3.putObject(
                    put -> put.bucket(settings.resultsBucket()).key("bare/" + id),
                    RequestBody.fromString("job " + number));
            update(id, "SUCCEEDED");
        }

        private void update(String id, String status) {
            dynamoDb.updateItem(update -> update.tableName(settings.jobsTable())
                    .key(Map.of("id", AttributeValue.fromS(id)))
                    .updateExpression("SET #status = :status")
                    .conditionExpression("attribute_exists(id)")
                    .expressionAttributeNames(Map.of("#status", "status"))
                    .expressionAttributeValues(Map.of(":status", AttributeValue.fromS(status))));
        }

        @Override
        public void close() {
            dynamoDb.close();
            sqs.close();
            s3.close();
            http.close();
        }
    }
}
