package io.breakwater.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.breakwater.backend.OnEveryBackend;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which jobs the whole pipeline accepts, with one worker and a backlog of at most two seconds. */
@OnEveryBackend
class AdmissionIT {
    private static final String CHAIN = """
        models: { big: big-model, small: small-model }
        tiers:
          - name: primary
            maxTokens: 4096
            endpoints: [ { region: us-east-1, model: big }, { region: us-west-2, model: big } ]
          - { name: emergency, maxTokens: 256, endpoints: [ { region: us-east-1, model: small } ] }
        admission: { maximumBacklogSeconds: 2 }
        """;

    private static final String OPEN = "{\"state\":\"OPEN\",\"reason\":\"test\",\"ttlSeconds\":600}";
    private static final String LIFT = "{\"state\":\"NONE\"}";
    private static final String FAILS = "{\"prompt\":\"now or never\",\"whenUnavailable\":\"fail\"}";
    private static final String WAITS = "{\"prompt\":\"any time\"}";

    @TempDir
    Path directory;

    private Pipeline pipeline;

    @BeforeEach
    void start() {
        pipeline = Pipeline.startWith(CHAIN, directory, options -> options.withWorkers(1));
    }

    @AfterEach
    void stop() {
        pipeline.close();
    }

    @Test
    void aJobThatWouldRatherFailIsNotAcceptedWhileEveryEndpointIsOpen() {
        String accepted = id(post(FAILS, Map.of("idempotency-key", "early")));
        pipeline.awaitEnd(accepted);
        overrideAll(OPEN);

        HttpResponse<byte[]> refused = post(FAILS, Map.of("idempotency-key", "late"));

        assertThat(refused.statusCode()).as(Pipeline.text(refused)).isEqualTo(503);
        assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(retryAfter(refused)).isBetween(500L, 600L);
        assertThat(Pipeline.json(pipeline.get("/jobs")).path("jobs")).hasSize(1);
        HttpResponse<byte[]> repeat = post(FAILS, Map.of("idempotency-key", "early"));
        assertThat(repeat.statusCode()).isEqualTo(202);
        assertThat(id(repeat)).isEqualTo(accepted);

        pipeline.putOverride("us-east-1", "small", LIFT);

        HttpResponse<byte[]> lifted = post(FAILS, Map.of("idempotency-key", "late"));
        assertThat(lifted.statusCode()).as(Pipeline.text(lifted)).isEqualTo(202);
    }

    @Test
    void whatComesWhileTheBacklogIsTooOldIsRefusedUntilItHasDrained() {
        pipeline.setLatency(1_000);
        List<String> accepted = new ArrayList<>();

        // The last of eighty, in eight batches, would wait some seven seconds.
        HttpResponse<byte[]> refused = await().atMost(Duration.ofMinutes(2))
                .pollDelay(Duration.ZERO)
                .pollInterval((number, _) -> Duration.ofMillis(number <= 80 ? 0 : 300))
                .until(() -> submitAnother(accepted), response -> response.statusCode() != 202);
        assertThat(refused.statusCode()).as(Pipeline.text(refused)).isEqualTo(429);
        assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(retryAfter(refused)).isBetween(1L, 10L);

        // What was accepted is served, and then there is room again.
        pipeline.setLatency(0);
        accepted.forEach(job ->
                assertThat(pipeline.awaitEnd(job).path("status").asText()).isEqualTo("SUCCEEDED"));
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> post(WAITS, Map.of()).statusCode() == 202);
    }

    private HttpResponse<byte[]> submitAnother(List<String> accepted) {
        HttpResponse<byte[]> response = post(WAITS, Map.of());
        if (response.statusCode() == 202) {
            accepted.add(id(response));
        }
        return response;
    }

    private void overrideAll(String body) {
        pipeline.putOverride("us-east-1", "big", body);
        pipeline.putOverride("us-west-2", "big", body);
        pipeline.putOverride("us-east-1", "small", body);
    }

    private HttpResponse<byte[]> post(String body, Map<String, String> headers) {
        return pipeline.post(body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static String id(HttpResponse<byte[]> response) {
        return Pipeline.json(response).path("id").asText();
    }

    private static long retryAfter(HttpResponse<byte[]> response) {
        return response.headers().firstValueAsLong("retry-after").orElseThrow();
    }
}
