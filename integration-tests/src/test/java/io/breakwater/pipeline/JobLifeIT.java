package io.breakwater.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.backend.OnEveryBackend;
import io.breakwater.local.LocalOptions;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A job's life when all is well. */
@OnEveryBackend
class JobLifeIT {
    /** With a ceiling high enough for the model to repeat a prompt of 300 KB whole. */
    private static final String CHAIN = """
        models: { big: big-model }
        tiers: [ { name: primary, maxTokens: 100000, endpoints: [ { region: us-east-1, model: big } ] } ]
        prices: { asOf: 2026-09-23, usdPerMillionTokens: { big: { input: 0.1, output: 0.2 } } }
        """;

    private static Pipeline pipeline;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        Path config = Files.writeString(directory.resolve("chain.yaml"), CHAIN);
        pipeline = Pipeline.start(LocalOptions.DEFAULTS.withConfig(config.toString()));
    }

    @AfterAll
    static void stop() {
        pipeline.close();
    }

    @Test
    void aJobIsAcceptedServedAndItsResultIsWhatTheModelSaid() {
        String id = pipeline.submit("Why do breakwaters work?");

        JsonNode job = pipeline.awaitEnd(id);

        assertThat(job.path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(job.path("degraded").asBoolean()).isFalse();
        assertThat(job.path("servedBy").path("tier").asText()).isEqualTo("primary");
        assertThat(job.path("attempts")).hasSize(1);
        assertThat(job.path("attempts").get(0).path("outcome").asText()).isEqualTo("SUCCESS");
        assertThat(job.path("usage").path("inputTokens").asInt()).isPositive();
        assertThat(Pipeline.text(pipeline.get("/jobs/" + id)))
                .contains("\"usage\":{\"inputTokens\":6,\"outputTokens\":6,\"costUsd\":0.0000018}");
        assertThat(pipeline.result(id)).asString(StandardCharsets.UTF_8).isEqualTo("Why do breakwaters work?");
        assertThat(job.path("result").path("bytes").asInt()).isEqualTo(pipeline.result(id).length);
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("prompts")
    void aPromptComesThroughUnchanged(String prompt) {
        String id = pipeline.submit(prompt);

        assertThat(pipeline.awaitEnd(id).path("status").asText()).isEqualTo("SUCCEEDED");
        assertThat(pipeline.result(id)).isEqualTo(prompt.getBytes(StandardCharsets.UTF_8));
    }

    static Stream<String> prompts() {
        return Stream.of(
                "x",
                "Grüße, 你好, שלום, नमस्ते, 👩‍👩‍👧‍👦 and \uD834\uDD1E",
                "tab\tnewline\r\nquote\" backslash\\ nul\u0000 bell\u0007 \u2028\uFEFF\uFFFD end",
                // More than is kept in an item, so by way of S3.
                "ä".repeat(5_000),
                "The sea is wide. ".repeat(18_000),
                "海は広い。👩‍👩‍👧‍👦".repeat(7_500));
    }

    @Test
    void theSameIdempotencyKeyTwiceMakesOneJob() {
        byte[] body = "{\"prompt\":\"once\"}".getBytes(StandardCharsets.UTF_8);
        Map<String, String> key = Map.of("idempotency-key", "order-7");
        int before = pipeline.calls("*", "*");

        HttpResponse<byte[]> first = pipeline.post(body, key);
        HttpResponse<byte[]> second = pipeline.post(body, key);

        String id = Pipeline.json(first).path("id").asText();
        assertThat(second.statusCode()).isEqualTo(202);
        assertThat(Pipeline.json(second).path("id").asText()).isEqualTo(id);
        pipeline.awaitEnd(id);
        assertThat(pipeline.post("{\"prompt\":\"other\"}".getBytes(StandardCharsets.UTF_8), key)
                        .statusCode())
                .isEqualTo(422);
        pipeline.awaitEmptyQueue();
        assertThat(pipeline.calls("*", "*")).isEqualTo(before + 1);
    }

    @Test
    void theSameMessageTwiceMakesOneModelCall() {
        pipeline.setLatency(300);
        int before = pipeline.calls("*", "*");
        String id = pipeline.submit("once");

        for (int copy = 0; copy < 3; copy++) {
            sendCopy(id);
        }
        JsonNode job = pipeline.awaitEnd(id);
        sendCopy(id);
        pipeline.awaitEmptyQueue();

        assertThat(pipeline.calls("*", "*")).isEqualTo(before + 1);
        assertThat(pipeline.job(id)).isEqualTo(job);
        pipeline.setLatency(0);
    }

    @Test
    void aCancelledJobStaysCancelled() {
        pipeline.setLatency(5_000);
        String id = pipeline.submit("never mind");

        HttpResponse<byte[]> cancelled = pipeline.delete("/jobs/" + id);

        assertThat(cancelled.statusCode()).isEqualTo(200);
        pipeline.awaitEmptyQueue();
        assertThat(pipeline.job(id).path("status").asText()).isEqualTo("CANCELLED");
        assertThat(pipeline.get("/jobs/" + id + "/result").statusCode()).isEqualTo(409);
        pipeline.setLatency(0);
    }

    private static void sendCopy(String id) {
        pipeline.sqs()
                .sendMessage(send -> send.queueUrl(pipeline.jobQueueUrl())
                        .messageBody("{\"jobId\":\"%s\",\"generation\":0}".formatted(id)));
    }
}
