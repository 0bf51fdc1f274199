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

/** A known token quota on the way through the whole pipeline: the same model with fewer tokens comes before another model. */
@OnEveryBackend
class PacingIT {
    private static final String CHAIN = """
        models: { big: big-model, small: small-model }
        tiers:
          - name: primary
            maxTokens: 4096
            endpoints:
              - { region: us-east-1, model: big, quota: { tokensPerMinute: 60000 } }
          - name: fallback
            maxTokens: 1024
            endpoints:
              - { region: us-east-1, model: small }
        """;

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
    void nearItsTokenQuotaAModelServesWithFewerTokensBeforeAnotherModelDoes() {
        pipeline.serve(10);

        JsonNode spared = await().atMost(Duration.ofMinutes(2))
                .until(
                        () -> pipeline.serve(1).getFirst(),
                        job -> job.path("degradation").has("maxTokens"));

        assertThat(spared.path("servedBy").path("model").asText()).isEqualTo("big-model");
        assertThat(spared.path("degradation")).hasToString("{\"maxTokens\":1024}");
        assertThat(spared.path("attempts")).hasSize(1);
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            pipeline.serve(1);
            assertThat(pipeline.endpoint("us-east-1", "big").at("/pace/tokensPerMinute"))
                    .hasToString("60000");
        });
    }
}
