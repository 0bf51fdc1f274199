package io.breakwater.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.backend.OnEveryBackend;
import io.breakwater.local.LocalOptions;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Input that is wrong gets a clear answer and harms nobody else's. */
@OnEveryBackend
class BadInputIT {
    private static Pipeline pipeline;

    @BeforeAll
    static void start() {
        pipeline = Pipeline.start(LocalOptions.DEFAULTS);
    }

    @AfterAll
    static void stop() {
        pipeline.close();
    }

    static Stream<Arguments> badBodies() {
        return Stream.of(
                Arguments.of("not JSON", bytes("{prompt:"), 400, List.of()),
                Arguments.of("not an object", bytes("[]"), 400, List.of()),
                Arguments.of("unknown field", bytes("{\"prompt\":\"x\",\"modle\":\"y\"}"), 400, List.of("modle")),
                Arguments.of("wrong type", bytes("{\"prompt\":7}"), 400, List.of("prompt")),
                Arguments.of("empty prompt", bytes("{\"prompt\":\"\"}"), 400, List.of("prompt")),
                Arguments.of(
                        "all at once",
                        bytes("{\"prompt\":\"\",\"maxTokens\":-1,\"temperature\":9,\"whenUnavailable\":\"cry\"}"),
                        400,
                        List.of("prompt", "maxTokens", "temperature", "whenUnavailable")),
                Arguments.of(
                        "negative maxTokens", bytes("{\"prompt\":\"x\",\"maxTokens\":-5}"), 400, List.of("maxTokens")),
                Arguments.of("2 MB", bytes("{\"prompt\":\"" + "x".repeat(2_000_000) + "\"}"), 413, List.of()),
                Arguments.of(
                        "deeply nested",
                        bytes("{\"prompt\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"),
                        400,
                        List.of()),
                Arguments.of(
                        "invalid UTF-8",
                        new byte[] {
                            '{', '"', 'p', 'r', 'o', 'm', 'p', 't', '"', ':', '"', (byte) 0xC3, (byte) 0x28, '"', '}'
                        },
                        400,
                        List.of()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badBodies")
    void aBadBodyIsRefusedWithEveryViolationNamed(String what, byte[] body, int status, List<String> fields) {
        HttpResponse<byte[]> response = pipeline.post(body, Map.of());

        assertThat(response.statusCode()).as(Pipeline.text(response)).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        JsonNode problem = Pipeline.json(response);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isNotEmpty();
        assertThat(StreamSupport.stream(problem.path("violations").spliterator(), false)
                        .map(violation -> violation.path("field").asText()))
                .containsAll(fields);
    }

    @Test
    void anUnknownIdIsNotFound() {
        for (String path : List.of(
                "/jobs/00000000000000000000000000",
                "/jobs/%F0%9F%98%80",
                "/jobs/nope/result",
                "/endpoints/nowhere/x")) {
            assertThat(pipeline.get(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void aMalformedMessageIsKeptAndTheRestOfItsBatchIsServed() {
        List<String> bad = List.of("not json", "{\"jobId\":5}", "{\"jobId\":\"nobody\",\"generation\":0}");
        pipeline.sqs()
                .sendMessageBatch(send -> send.queueUrl(pipeline.jobQueueUrl())
                        .entries(bad.stream()
                                .map(body -> SendMessageBatchRequestEntry.builder()
                                        .id("m" + bad.indexOf(body))
                                        .messageBody(body)
                                        .build())
                                .toList()));
        List<String> ids = Stream.of("a", "b", "c").map(pipeline::submit).toList();

        assertThat(ids)
                .allSatisfy(
                        id -> assertThat(pipeline.awaitEnd(id).path("status").asText())
                                .isEqualTo("SUCCEEDED"));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(pipeline.poison()).containsExactlyInAnyOrderElementsOf(bad));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
