package io.breakwater.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.backend.OnEveryBackend;
import io.breakwater.local.Functions;
import io.breakwater.local.PackagedFunctions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packaged workers, sharing the queue, the tables and the breakers. */
@OnEveryBackend
class FleetIT {
    /** A breaker that has opened stays so. */
    private static final String CHAIN = """
        models: { big: big-model, small: small-model }
        tiers:
          - { name: primary, maxTokens: 4096, endpoints: [ { region: us-east-1, model: big } ] }
          - { name: fallback, maxTokens: 1024, endpoints: [ { region: us-west-2, model: small } ] }
        breaker: { cooldownSeconds: 600 }
        """;

    @TempDir
    private Path directory;

    @Test
    void twoWorkerProcessesServeTwoHundredJobsOnceEachAndShareTheirBreakers() {
        try (Pipeline pipeline =
                Pipeline.startWith(CHAIN, directory, options -> options.withWorkers(2), packagedWorkers())) {
            // Given
            List<String> ids = submit(pipeline, 200);

            // When
            List<JsonNode> ended = ids.stream().map(pipeline::awaitEnd).toList();

            // Then
            assertThat(ended).allSatisfy(job -> {
                assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
                assertThat(job.path("attempts")).hasSize(1);
            });
            assertThat(pipeline.calls("*", "*")).isEqualTo(200);

            // What both workers saw opens the breaker, later the fewer jobs they get through, and then both leave the
            // endpoint alone.
            pipeline.setFault("us-east-1", "big", "THROTTLE");
            ids.forEach(id -> assertThat(pipeline.job(id)).isEqualTo(ended.get(ids.indexOf(id))));
            submit(pipeline, 100).forEach(pipeline::awaitEnd);
            await().atMost(Duration.ofMinutes(5)).untilAsserted(() -> {
                submit(pipeline, 10).forEach(pipeline::awaitEnd);
                assertThat(pipeline.endpoint("us-east-1", "big").path("state").asText())
                        .isEqualTo("OPEN");
            });
            pipeline.awaitHeardByAll("us-east-1", "big");
            int calls = pipeline.calls("us-east-1", "big-model");
            submit(pipeline, 60).forEach(pipeline::awaitEnd);
            assertThat(pipeline.calls("us-east-1", "big-model")).isEqualTo(calls);
        }
    }

    private Functions packagedWorkers() {
        Functions packaged = PackagedFunctions.unpack(Path.of("..", "functions", "target"), directory, true, false)
                .functions();
        Functions here = Functions.DEPLOYED;
        return new Functions(here.request(), packaged.worker(), here.sweeper(), here.deadLetters());
    }

    private static List<String> submit(Pipeline pipeline, int jobs) {
        return IntStream.range(0, jobs)
                .parallel()
                .mapToObj(number -> pipeline.submit("job " + number))
                .toList();
    }
}
