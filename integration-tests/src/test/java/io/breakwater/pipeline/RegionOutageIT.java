package io.breakwater.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.backend.OnEveryBackend;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of jobs while a region fails, with a breaker whose cooldown is longer than workers go by what they heard. */
@OnEveryBackend
class RegionOutageIT {
    private static final String CHAIN = """
        models: { big: big-model, small: small-model, tiny: tiny-model }
        tiers:
          - name: primary
            maxTokens: 4096
            endpoints:
              - { region: us-east-1, model: big }
              - { region: us-east-1, model: small }
              - { region: us-east-1, model: tiny }
              - { region: us-west-2, model: big }
        breaker: { cooldownSeconds: 20, maximumCooldownSeconds: 20 }
        """;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private Pipeline pipeline;

    @BeforeEach
    void start() {
        pipeline = Pipeline.startWith(CHAIN, directory);
    }

    @AfterEach
    void stop() {
        pipeline.close();
    }

    @Test
    void trafficLeavesARegionInWhichTwoOfThreeEndpointsFailAndComesBackAfterIt() {
        assertThat(pipeline.endpoint("us-east-1", "tiny").path("regionHealth")).hasToString("{\"state\":\"HEALTHY\"}");
        pipeline.setFault("us-east-1", "big", "SERVER_ERROR");
        pipeline.setFault("us-east-1", "small", "SERVER_ERROR");

        // The third opens with its region, though it never failed.
        JsonNode tiny = await().atMost(PATIENCE).until(() -> afterSomeJobs("tiny"), this::isOpen);
        assertThat(tiny.path("reason").asText()).isEqualTo("REGION");
        assertThat(tiny.path("regionHealth").path("state").asText()).isEqualTo("UNHEALTHY");
        assertThat(tiny.path("regionHealth").path("reason").asText())
                .isEqualTo("us-east-1/big-model SERVER_ERROR, us-east-1/small-model SERVER_ERROR");
        assertThat(tiny.path("regionHealth").path("since").asText()).isNotEmpty();

        // Once all workers have heard, the other region serves everything.
        await().atMost(PATIENCE)
                .until(() -> pipeline.serve(10).stream()
                        .allMatch(job ->
                                job.path("servedBy").path("region").asText().equals("us-west-2")));
        assertThat(pipeline.endpoint("us-west-2", "big").path("regionHealth")).hasToString("{\"state\":\"HEALTHY\"}");

        pipeline.liftFaults();
        await().atMost(PATIENCE).until(() -> afterSomeJobs("big"), this::isClosedInAHealthyRegion);
        await().atMost(PATIENCE)
                .until(() -> pipeline.serve(1)
                        .getFirst()
                        .path("servedBy")
                        .path("region")
                        .asText()
                        .equals("us-east-1"));
    }

    private JsonNode afterSomeJobs(String alias) {
        pipeline.serve(5);
        return pipeline.endpoint("us-east-1", alias);
    }

    private boolean isOpen(JsonNode endpoint) {
        return endpoint.path("state").asText().equals("OPEN");
    }

    private boolean isClosedInAHealthyRegion(JsonNode endpoint) {
        return endpoint.path("state").asText().equals("CLOSED")
                && endpoint.path("regionHealth").path("state").asText().equals("HEALTHY");
    }
}
