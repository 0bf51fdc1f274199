package io.breakwater.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.job.Job;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobStore;
import io.breakwater.json.Json;
import io.breakwater.local.LocalOptions;
import io.breakwater.local.PackagedFunctions;
import io.breakwater.local.lambda.Invocation;
import io.breakwater.local.packaged.FunctionProcess;
import io.breakwater.topology.FunctionSpec;
import io.breakwater.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample events, as they are, through the functions as they are deployed and restored from a snapshot. */
class PackagedEventsIT {
    private static final Path EVENTS = Path.of("..", "events");
    private static final String JOB = "01JDGQ7M3V9K4T8Z2X5Y6W7B8C";
    private static final String TENANT = "arn:aws:sts::111122223333:assumed-role/Reporting";

    /** What becomes of the requests when the batch's job was served. */
    private static final Map<String, Integer> REQUESTS = Map.ofEntries(
            Map.entry("submit-job", 202),
            Map.entry("submit-job-jwt", 202),
            Map.entry("submit-job-base64", 202),
            Map.entry("submit-job-invalid", 400),
            Map.entry("list-jobs", 200),
            Map.entry("get-job", 200),
            Map.entry("get-result", 302),
            Map.entry("cancel-job", 409),
            Map.entry("list-endpoints", 200),
            Map.entry("get-endpoint", 200),
            Map.entry("override-endpoint", 200),
            Map.entry("get-health", 200));

    /** What the worker wants to see again: what names a job that is not there, and what names none. */
    private static final Map<String, List<String>> BATCHES = Map.of(
            "worker-batch", List.of("059f36b4-87a3-44ab-83d2-661970000002"),
            "worker-batch-poison", List.of("059f36b4-87a3-44ab-83d2-661970000002"));

    private static final String DEAD_LETTERS = "dead-letter-batch";
    private static final String SCHEDULE = "sweeper-schedule";

    @TempDir
    private static Path directory;

    private static Pipeline pipeline;
    private static PackagedFunctions packaged;

    @BeforeAll
    static void start() {
        packaged = PackagedFunctions.unpack(Path.of("..", "functions", "target"), directory, true, true);
        pipeline = Pipeline.start(
                LocalOptions.DEFAULTS.withConfig("article").withWorkers(0).withSweepInterval(Duration.ofHours(1)));
    }

    @AfterAll
    static void stop() {
        pipeline.close();
    }

    @Test
    void everyEventIsExpected() throws IOException {
        try (Stream<Path> files = Files.list(EVENTS)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".json", "")))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.of(REQUESTS.keySet(), BATCHES.keySet(), List.of(DEAD_LETTERS, SCHEDULE))
                                    .flatMap(Collection::stream)
                                    .toList());
        }
    }

    @Test
    void theWorkerServesItsBatchAndTheRequestFunctionAnswersAfterwards() throws Exception {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        JobRequest request = JobRequest.of("Why do breakwaters work?");
        assertThat(pipeline.jobs().create(Job.queued(JOB, TENANT, request, now), request))
                .isInstanceOf(JobStore.Creation.Created.class);

        try (FunctionProcess worker = start(Topology.WORKER)) {
            for (Map.Entry<String, List<String>> batch : BATCHES.entrySet()) {
                JsonNode answer = invoke(worker, Topology.WORKER, batch.getKey());

                assertThat(answer.path("batchItemFailures").findValuesAsText("itemIdentifier"))
                        .as(batch.getKey())
                        .isEqualTo(batch.getValue());
            }
        }
        try (FunctionProcess function = start(Topology.REQUEST)) {
            for (Map.Entry<String, Integer> expected : REQUESTS.entrySet()) {
                JsonNode answer = invoke(function, Topology.REQUEST, expected.getKey());

                assertThat(answer.path("statusCode").asInt())
                        .as("%s: %s", expected.getKey(), answer)
                        .isEqualTo(expected.getValue());
            }
        }
        String log = Files.readString(directory.resolve("logs/worker-1.log"));
        assertThat(log)
                .contains("\"jobId\":\"" + JOB + "\"", "\"JobsFinished\":1")
                .doesNotContain("rehearsal");
    }

    @Test
    void theDeadLetterFunctionDecidesOnAll() throws Exception {
        try (FunctionProcess function = start(Topology.DEAD_LETTER)) {
            JsonNode answer = invoke(function, Topology.DEAD_LETTER, DEAD_LETTERS);

            assertThat(answer.path("batchItemFailures").isEmpty()).isTrue();
        }
        assertThat(pipeline.poison()).contains("this names no job");
    }

    @Test
    void theSweeperSaysNothing() throws Exception {
        try (FunctionProcess function = start(Topology.SWEEPER)) {
            assertThat(invoke(function, Topology.SWEEPER, SCHEDULE).isNull()).isTrue();
        }
    }

    private static FunctionProcess start(FunctionSpec spec) {
        return packaged.start(spec, pipeline.environment());
    }

    private static JsonNode invoke(FunctionProcess function, FunctionSpec spec, String event) throws Exception {
        Instant deadline = Instant.now().plus(spec.timeout());
        Invocation invocation =
                new Invocation(spec.deployedName(), UUID.randomUUID().toString(), deadline, Clock.systemUTC());
        String json = Files.readString(EVENTS.resolve(event + ".json"));
        return Json.MAPPER.readTree(function.invoke(json, invocation));
    }
}
