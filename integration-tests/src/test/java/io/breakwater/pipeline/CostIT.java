package io.breakwater.pipeline;

import static io.breakwater.cost.Costs.requests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.breakwater.backend.OnEveryBackend;
import io.breakwater.cost.Costs;
import io.breakwater.cost.Meter;
import io.breakwater.local.Functions;
import io.breakwater.local.LocalOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job uses of each thing that AWS charges for, counted on the wire, beside what docs/cost.md states. */
@OnEveryBackend
class CostIT {
    /** The aim: all requests beside those that no job can do without. */
    private static final double MOST_OF_FLOOR = 1.15;

    private static final String CHAIN = """
        models: { big: big-model }
        tiers: [ { name: primary, maxTokens: 4096, endpoints: [ { region: us-east-1, model: big } ] } ]
        breaker: { cooldownSeconds: 10, maximumCooldownSeconds: 10 }
        """;

    private static final String PROMPT = "Why do breakwaters work?";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Costs stated = Costs.stated();

    private Map<String, Integer> before = Map.of();

    @TempDir
    Path directory;

    @Test
    void aJobAloneInItsBatchCostsWhatIsStatedAndHardlyMoreThanTheFloor() {
        List<Duration> requestTimes = new CopyOnWriteArrayList<>();
        List<Duration> workerTimes = new CopyOnWriteArrayList<>();
        Functions timed = new Functions(
                settings -> new TimedHandler<>(Functions.DEPLOYED.request().apply(settings), requestTimes),
                settings -> new TimedHandler<>(Functions.DEPLOYED.worker().apply(settings), workerTimes),
                Functions.DEPLOYED.sweeper(),
                Functions.DEPLOYED.deadLetters());
        try (Pipeline pipeline = Pipeline.start(oneWorker(LocalOptions.DEFAULTS), timed)) {
            int jobs = 40;

            Map<Meter, Double> used = usedForEach(
                    jobs,
                    pipeline,
                    () -> IntStream.rangeClosed(1, jobs).forEach(number -> {
                        pipeline.submit(PROMPT);
                        awaitSent("S3.PutObject", number);
                        pipeline.awaitEmptyQueue();
                    }));

            assertBetween("floor, alone", "alone", used);
            assertThat(requests(used)).isLessThanOrEqualTo(MOST_OF_FLOOR * requests(stated.usage("floor, alone")));
            System.out.printf(
                    "warm, without the model: request %d ms, worker %d ms%n",
                    median(requestTimes).toMillis(), median(workerTimes).toMillis());
        }
    }

    @Test
    void aJobInABatchOfTenCostsWhatIsStatedAndHardlyMoreThanTheFloor() {
        try (Pipeline pipeline = Pipeline.start(oneWorker(LocalOptions.DEFAULTS))) {
            int jobs = 41;

            Map<Meter, Double> used = usedForEach(jobs, pipeline, () -> {
                // While the first is being served the others gather.
                pipeline.setLatency(4_000);
                pipeline.submit(PROMPT);
                awaitSent("BedrockRuntime.Converse", 1);
                IntStream.range(1, jobs).forEach(number -> pipeline.submit(PROMPT));
                pipeline.setLatency(300);
                awaitSent("S3.PutObject", jobs);
                pipeline.awaitEmptyQueue();
            });

            assertBetween("floor, ten in a batch", "ten in a batch", used);
            assertThat(requests(used))
                    .isLessThanOrEqualTo(MOST_OF_FLOOR * requests(stated.usage("floor, ten in a batch")));
        }
    }

    @Test
    void inAnOutageAJobCostsWhatIsStatedEachTimeItIsPutOff() {
        try (Pipeline pipeline = Pipeline.startWith(CHAIN, directory, CostIT::oneWorker)) {
            int jobs = 40;
            long began = System.nanoTime();

            Map<Meter, Double> used = used(jobs, pipeline, () -> {
                pipeline.setFault("*", "*", "THROTTLE");
                IntStream.range(0, jobs).forEach(number -> pipeline.submit(PROMPT));
                awaitSent("Sqs.SendMessage", 2 * jobs);
                pipeline.liftFaults();
                awaitSent("S3.PutObject", jobs);
                pipeline.awaitEmptyQueue();
            });

            int putOff = sent("Sqs.SendMessage") - jobs;
            int openings = openings(pipeline);
            Map<Meter, Double> most = new EnumMap<>(Meter.class);
            add(most, jobs, "floor, alone");
            add(most, putOff, "each time it is put off");
            add(most, openings, "outage of an endpoint, and its recovery");
            // Each batch tells what it saw; by time, a worker tells of its calls and of its demand, and moves the pace.
            double seconds = (System.nanoTime() - began) / 1e9;
            double byTime = seconds / 4 + seconds / 4 + seconds / 10;
            most.merge(Meter.WRITE_UNIT, sent("Sqs.DeleteMessageBatch") + byTime, Double::sum);
            assertThat(putOff).isGreaterThanOrEqualTo(jobs);
            // Reads are a matter of time and not of jobs: how often an open breaker is looked at.
            Map<Meter, Double> byJobs = new EnumMap<>(used);
            byJobs.remove(Meter.READ_UNIT);
            assertThat(byJobs)
                    .allSatisfy((meter, count) -> assertThat(count)
                            .as("%s of %s for %d jobs put off %d times", meter, used, jobs, putOff)
                            .isLessThanOrEqualTo(most.getOrDefault(meter, 0.0)));
            double furtherOpenings = (openings - 1) * requests(stated.usage("outage of an endpoint, and its recovery"));
            assertThat(requests(byJobs) - byTime - furtherOpenings)
                    .isLessThanOrEqualTo(MOST_OF_FLOOR
                            * (jobs * requests(stated.usage("floor, alone"))
                                    + putOff * requests(stated.usage("each time it is put off"))));
            System.out.printf(
                    "%d jobs put off %d times in %.0f s: %s, at most %s%n", jobs, putOff, seconds, used, most);
        }
    }

    /** The first, and each by which a recovery failed. */
    private static int openings(Pipeline pipeline) {
        return (int) StreamSupport.stream(
                        pipeline.endpoint("us-east-1", "big").path("history").spliterator(), false)
                .filter(transition -> transition.path("to").asText().equals("OPEN"))
                .count();
    }

    private void add(Map<Meter, Double> sum, int times, String use) {
        stated.usage(use).forEach((meter, count) -> sum.merge(meter, count * times, Double::sum));
    }

    private Map<Meter, Double> usedForEach(int jobs, Pipeline pipeline, Runnable work) {
        Map<Meter, Double> used = used(jobs, pipeline, work);
        used.replaceAll((_, total) -> total / jobs);
        return used;
    }

    /** What is used by some work of a pipeline that knows its endpoints. A batch is received once and deleted once. */
    private Map<Meter, Double> used(int jobs, Pipeline pipeline, Runnable work) {
        pipeline.awaitEnd(pipeline.submit("the first reads the breaker's state"));
        pipeline.awaitEmptyQueue();
        before = SentRequests.counts();
        double writes = SentRequests.writeUnits();
        double reads = SentRequests.readUnits();
        work.run();
        Map<Meter, Double> used = new EnumMap<>(Meter.class);
        int batches = sent("Sqs.DeleteMessageBatch");
        used.put(Meter.API_CALL, (double) jobs);
        used.put(Meter.INVOCATION, (double) jobs + batches);
        used.put(Meter.SQS_REQUEST, sent("Sqs.SendMessage") + 2.0 * batches);
        used.put(Meter.WRITE_UNIT, SentRequests.writeUnits() - writes);
        used.put(Meter.READ_UNIT, SentRequests.readUnits() - reads);
        used.put(Meter.S3_PUT, (double) sent("S3.PutObject"));
        used.put(Meter.S3_GET, (double) sent("S3.GetObject"));
        return used;
    }

    private void awaitSent(String operation, int count) {
        await().atMost(PATIENCE).until(() -> sent(operation) >= count);
    }

    private int sent(String operation) {
        return SentRequests.counts().getOrDefault(operation, 0) - before.getOrDefault(operation, 0);
    }

    /** And no sweeper meanwhile, who costs the same whatever jobs there are. */
    private static LocalOptions oneWorker(LocalOptions options) {
        return options.withWorkers(1).withSweepInterval(Duration.ofHours(1));
    }

    /**
     * What is used is what is stated, or less, as when a worker that could not tell of its calls in time tells of none for a
     * while. Five hundredths are what the first of several batches may be short of ten.
     */
    private void assertBetween(String floor, String use, Map<Meter, Double> used) {
        Map<Meter, Double> least = stated.usage(floor);
        Map<Meter, Double> most = stated.usage(use);
        assertThat(used)
                .allSatisfy((meter, count) -> assertThat(count)
                        .as("%s of %s", meter, used)
                        .isBetween(least.getOrDefault(meter, 0.0) - 0.05, most.getOrDefault(meter, 0.0) + 0.05));
    }

    private static Duration median(List<Duration> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
    }
}
