package io.breakwater.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.local.PackagedFunctions;
import io.breakwater.topology.FunctionSpec;
import io.breakwater.topology.Topology;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The functions as they are deployed: their archives, each environment a process under Lambda's runtime client that is
 * stopped between invocations.
 */
class PackagedFunctionsIT {
    private static final String CHAIN = """
        models: { big: big-model, small: small-model }
        tiers:
          - { name: primary, maxTokens: 4096, endpoints: [ { region: us-east-1, model: big } ] }
          - { name: fallback, maxTokens: 1024, endpoints: [ { region: us-west-2, model: small } ] }
        breaker: { cooldownSeconds: 600 }
        """;
    private static final Path ARCHIVES = Path.of("..", "functions", "target");
    private static final Duration WORKER_TIMEOUT = Duration.ofSeconds(20);

    /** A little more than a lease; six times the timeout, as it is else, would be too long to wait for. */
    private static final Duration VISIBILITY = WORKER_TIMEOUT.plusSeconds(10);

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private static Path directory;

    private static Pipeline pipeline;

    @BeforeAll
    static void start() {
        PackagedFunctions packaged = PackagedFunctions.unpack(ARCHIVES, directory.resolve("functions"), true, false);
        pipeline = Pipeline.startWith(
                CHAIN,
                directory,
                options -> options.withWorkers(1)
                        .withWorkerTimeout(WORKER_TIMEOUT)
                        .withSweepInterval(Duration.ofSeconds(1)),
                packaged.functions());
        pipeline.hideDeliveredFor(VISIBILITY);
    }

    @AfterAll
    static void stop() {
        pipeline.close();
    }

    @AfterEach
    void recover() {
        pipeline.liftFaults();
        pipeline.setLatency(0);
        pipeline.putOverride("us-east-1", "big", "{\"state\":\"NONE\"}");
    }

    @Test
    void aJobGoesAllTheWayAndItsProcessesAreStoppedAfterwards() throws IOException {
        String id = pipeline.submit("Why do breakwaters work?");

        JsonNode job = pipeline.awaitEnd(id);

        assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(pipeline.result(id)).asString(StandardCharsets.UTF_8).isEqualTo("Why do breakwaters work?");
        assertThat(environment(Topology.REQUEST)).isPresent();
        await().atMost(PATIENCE).until(() -> isStopped(environment(Topology.WORKER)));
    }

    @Test
    void aThrottledPrimaryIsReplacedAndItsBreakerOpens() {
        pipeline.setFault("us-east-1", "big", "THROTTLE");

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(pipeline.serve(5))
                    .allSatisfy(
                            job -> assertThat(job.path("servedBy").path("tier").asText())
                                    .isEqualTo("fallback"));
            assertThat(pipeline.endpoint("us-east-1", "big").path("state").asText())
                    .isEqualTo("OPEN");
        });
    }

    @Test
    void aWorkerThatWasStoppedLongAsksTheBreakerAgainBeforeItCallsAModel() {
        pipeline.putOverride("us-east-1", "big", "{\"state\":\"CLOSED\",\"reason\":\"test\",\"ttlSeconds\":600}");
        pipeline.awaitEnd(pipeline.submit("hear that it is closed"));
        await().atMost(PATIENCE).until(() -> isStopped(environment(Topology.WORKER)));
        int calls = pipeline.calls("us-east-1", "big-model");
        ProcessHandle worker = environment(Topology.WORKER).orElseThrow();

        pipeline.putOverride("us-east-1", "big", "{\"state\":\"OPEN\",\"reason\":\"test\",\"ttlSeconds\":600}");
        Instant since = Instant.now();
        await().atMost(PATIENCE)
                .until(() -> Instant.now().isAfter(since.plus(FleetBreaker.CLOSED_FRESHNESS)) && isStopped(worker));
        JsonNode job = pipeline.awaitEnd(pipeline.submit("who serves this?"));

        assertThat(job.path("servedBy").path("tier").asText()).isEqualTo("fallback");
        assertThat(pipeline.calls("us-east-1", "big-model")).isEqualTo(calls);
        assertThat(environment(Topology.WORKER)).contains(worker);
    }

    @Test
    void aJobWhoseWorkerIsKilledIsServedByTheNext() {
        pipeline.setLatency(60_000);
        String id = pipeline.submit("survive");
        await().atMost(PATIENCE)
                .until(() -> pipeline.job(id).path("status").asText().equals("RUNNING"));
        ProcessHandle first = environment(Topology.WORKER).orElseThrow();

        first.destroyForcibly();
        pipeline.setLatency(0);

        assertThat(pipeline.awaitEnd(id).path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(pipeline.jobs().find(id).orElseThrow().crashes()).isEqualTo(1);
        assertThat(environment(Topology.WORKER)).isPresent().get().isNotEqualTo(first);
    }

    @Test
    void poisonInTheDeadLetterQueueIsKept() {
        pipeline.sqs()
                .sendMessage(
                        send -> send.queueUrl(pipeline.deadLetterQueueUrl()).messageBody("this names no job"));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(pipeline.poison()).contains("this names no job"));
    }

    private static Optional<ProcessHandle> environment(FunctionSpec function) {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").endsWith(function.handler()))
                .findFirst();
    }

    private static boolean isStopped(Optional<ProcessHandle> process) throws IOException {
        return process.isPresent() && isStopped(process.get());
    }

    private static boolean isStopped(ProcessHandle process) throws IOException {
        Process ps = new ProcessBuilder("ps", "-o", "state=", "-p", Long.toString(process.pid())).start();
        try (var output = ps.inputReader(StandardCharsets.UTF_8)) {
            return output.readLine().startsWith("T");
        }
    }
}
