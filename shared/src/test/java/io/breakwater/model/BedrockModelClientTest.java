package io.breakwater.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.breakwater.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

class BedrockModelClientTest {
    private static final Endpoint ENDPOINT = new Endpoint("us-east-1", "a.model-v1:0", "model");
    private static final ModelRequest HELLO =
            new ModelRequest(List.of(new Message(Message.Role.USER, "hello")), null, 10, null, List.of());
    private static final String TOKENS = "\"usage\":{\"inputTokens\":3,\"outputTokens\":4,\"totalTokens\":7}";

    private final AtomicReference<String> answer = new AtomicReference<>("");
    private final AtomicReference<String> requestBody = new AtomicReference<>("");
    private final AtomicReference<String> requestPath = new AtomicReference<>("");
    private final List<String> regions = new ArrayList<>();
    private final SdkHttpClient http = BedrockClients.httpClient(UrlConnectionHttpClient.builder());
    private HttpServer server;
    private BedrockModelClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                requestPath.set(exchange.getRequestURI().getRawPath());
                requestBody.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                byte[] body = answer.get().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        var clients = new BedrockClients(
                http, Optional.of("http://127.0.0.1:" + server.getAddress().getPort() + "/{region}"), true);
        client = new BedrockModelClient(
                region -> {
                    regions.add(region);
                    return clients.apply(region);
                },
                InstantSource.fixed(Instant.EPOCH));
    }

    @AfterEach
    void stop() {
        client.close();
        http.close();
        server.stop(0);
    }

    @Test
    void theRequestSaysWhatWasAskedAndNoMore() throws IOException {
        // Given
        ModelRequest request = new ModelRequest(
                List.of(
                        new Message(Message.Role.USER, "question"),
                        new Message(Message.Role.ASSISTANT, "counter-question"),
                        new Message(Message.Role.USER, "reply")),
                "be brief",
                512,
                0.25,
                List.of("END"));

        // When
        call(request);

        // Then
        assertThat(requestPath.get()).isEqualTo("/us-east-1/model/a.model-v1%3A0/converse");
        assertThat(Json.MAPPER.readTree(requestBody.get())).isEqualTo(Json.MAPPER.readTree("""
            {"messages":[
               {"role":"user","content":[{"text":"question"}]},
               {"role":"assistant","content":[{"text":"counter-question"}]},
               {"role":"user","content":[{"text":"reply"}]}],
             "system":[{"text":"be brief"}],
             "inferenceConfig":{"maxTokens":512,"temperature":0.25,"stopSequences":["END"]}}
            """));
    }

    @Test
    void whatIsLeftOutIsNotSent() throws IOException {
        // When
        call(HELLO);

        // Then
        assertThat(Json.MAPPER.readTree(requestBody.get())).isEqualTo(Json.MAPPER.readTree("""
            {"messages":[{"role":"user","content":[{"text":"hello"}]}],"inferenceConfig":{"maxTokens":10}}
            """));
    }

    @Test
    void allTextOfTheAnswerIsJoined() {
        // Given
        answer.set("""
            {"output":{"message":{"role":"assistant","content":[
               {"reasoningContent":{"reasoningText":{"text":"hm"}}},{"text":"one "},{"text":"two"}]}},
             "stopReason":"end_turn",%s}\
            """.formatted(TOKENS));

        // When, Then
        assertThat(call(HELLO)).isEqualTo(new ModelResult.Reply("one two", new Usage(3, 4), "end_turn"));
    }

    @Test
    void aStopReasonThatTheSdkDoesNotKnowIsKept() {
        // Given
        answer.set("""
            {"output":{"message":{"role":"assistant","content":[{"text":"x"}]}},"stopReason":"tired",%s}\
            """.formatted(TOKENS));

        // When, Then
        assertThat(call(HELLO)).isEqualTo(new ModelResult.Reply("x", new Usage(3, 4), "tired"));
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn, MALFORMED",
        "max_tokens, MALFORMED",
        "content_filtered, CALLER_FAULT",
        "guardrail_intervened, CALLER_FAULT"
    })
    void anAnswerWithoutTextIsAFailure(String stopReason, FailureKind kind) {
        // Given
        answer.set("""
            {"output":{"message":{"role":"assistant","content":[]}},"stopReason":"%s",%s}\
            """.formatted(stopReason, TOKENS));

        // When, Then
        assertThat(call(HELLO))
                .isInstanceOfSatisfying(
                        ModelResult.Failure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind));
    }

    @Test
    void aStopSequenceRightAtTheStartMakesAnEmptyReply() {
        // Given
        answer.set("""
            {"output":{"message":{"role":"assistant","content":[]}},"stopReason":"stop_sequence",%s}\
            """.formatted(TOKENS));

        // When, Then
        assertThat(call(HELLO)).isEqualTo(new ModelResult.Reply("", new Usage(3, 4), "stop_sequence"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "null",
                "[1]",
                "<html></html>",
                "{\"output\":{\"mess",
                "{\"output\":\"x\",\"stopReason\":5,\"usage\":7}",
                "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":\"x\"}}}",
                "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"x\"}]}},\"stopReason\":\"end_turn\"}",
                "{\"output\":{},\"stopReason\":\"end_turn\",\"usage\":{\"inputTokens\":\"many\"}}"
            })
    void anAnswerThatIsNotConversesIsMalformed(String body) {
        // Given
        answer.set(body);

        // When, Then
        assertThat(call(HELLO))
                .isInstanceOfSatisfying(
                        ModelResult.Failure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.MALFORMED));
    }

    @Test
    void eachRegionsClientIsMadeOnceAndOnlyWhenAskedFor() {
        // When
        for (String region : List.of("us-east-1", "eu-west-1", "us-east-1")) {
            client.call(new Endpoint(region, "m", "m"), HELLO, Duration.ofSeconds(30));
        }

        // Then
        assertThat(regions).containsExactly("us-east-1", "eu-west-1");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void aCallWithoutTimeIsRefused(long seconds) {
        assertThatThrownBy(() -> client.call(ENDPOINT, HELLO, Duration.ofSeconds(seconds)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("timeout must be positive");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:9000", "/bedrock", "ftp://x/{region}", "http://a b/", ""})
    void anEndpointThatIsNoHttpUrlIsRefusedByName(String template) {
        assertThatThrownBy(() -> new BedrockClients(http, Optional.of(template), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining('"' + template + '"');
    }

    private ModelResult call(ModelRequest request) {
        return client.call(ENDPOINT, request, Duration.ofSeconds(30));
    }
}
