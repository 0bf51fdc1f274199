package io.breakwater.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.backend.OnEveryBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An endpoint that throttles every other call, with a breaker that never opens. */
@OnEveryBackend
class ThrottledEndpointIT {
    private static final String CHAIN = """
        models: { big: big-model, small: small-model }
        tiers:
          - { name: primary, maxTokens: 4096, endpoints: [ { region: us-east-1, model: big } ] }
          - { name: fallback, maxTokens: 1024, endpoints: [ { region: us-east-1, model: small } ] }
        breaker: { minimumCalls: 1000000, consecutiveFailures: 1000000 }
        """;

    @TempDir
    Path directory;

    @Test
    void anOperatorSeesThePaceThatTheFleetFound() {
        try (Pipeline pipeline = Pipeline.startWith(CHAIN, directory)) {
            Instant start = Instant.now();
            pipeline.setFault(
                    Map.of("region", "us-east-1", "model", "big-model", "fault", "THROTTLE", "probability", 0.5));

            JsonNode paced = await().atMost(Duration.ofMinutes(2))
                    .until(() -> bigAfterTenJobs(pipeline), big -> big.has("pace"));

            assertThat(paced.path("state").asText()).isEqualTo("CLOSED");
            JsonNode pace = paced.path("pace");
            assertThat(pace.path("requestsPerMinute").asInt()).isPositive();
            assertThat(pace.has("tokensPerMinute")).isFalse();
            assertThat(Instant.parse(pace.path("since").asText()))
                    .isBetween(start.minusSeconds(1), Instant.now().plusSeconds(1));
            assertThat(pipeline.endpoint("us-east-1", "small").has("pace")).isFalse();

            // Workers that keep to it tell what they would call, and it is in the list, too.
            await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> bigAfterTenJobs(pipeline),
                            big -> big.path("pace").path("demandPerMinute").asInt() > 0);
            assertThat(Pipeline.json(pipeline.get("/endpoints"))
                            .path("endpoints")
                            .findValues("pace"))
                    .hasSize(1);
        }
    }

    private static JsonNode bigAfterTenJobs(Pipeline pipeline) {
        pipeline.serve(10);
        return pipeline.endpoint("us-east-1", "big");
    }
}
