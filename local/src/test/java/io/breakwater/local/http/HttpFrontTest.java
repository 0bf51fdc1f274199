package io.breakwater.local.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.breakwater.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpFrontTest {
    private static final Instant NOW = Instant.parse("2026-03-12T19:03:58.390Z");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final LinkedBlockingDeque<APIGatewayV2HTTPEvent> events = new LinkedBlockingDeque<>();
    private final List<HttpFront> fronts = new ArrayList<>();

    @AfterEach
    void closeFronts() {
        fronts.forEach(HttpFront::close);
    }

    @Test
    void handsTheRequestOverInPayloadFormat2() throws Exception {
        HttpFront front = front(recordAnd(ok("")));

        send(request(front, "/jobs/a%3Ab?limit=5&status=A&status=B%20C&flag")
                .header("X-Thing", "one")
                .header("X-Thing", "two")
                .header("Cookie", "a=1; b=2")
                .header("User-Agent", "test"));

        APIGatewayV2HTTPEvent event = events.takeFirst();
        assertThat(event.getVersion()).isEqualTo("2.0");
        assertThat(event.getRouteKey()).isEqualTo("$default");
        assertThat(event.getRawPath()).isEqualTo("/jobs/a:b");
        assertThat(event.getRawQueryString()).isEqualTo("limit=5&status=A&status=B%20C&flag");
        assertThat(event.getQueryStringParameters()).isEqualTo(Map.of("limit", "5", "status", "A,B C", "flag", ""));
        assertThat(event.getHeaders()).containsEntry("x-thing", "one,two").doesNotContainKey("cookie");
        assertThat(event.getCookies()).containsExactly("a=1", "b=2");
        assertThat(event.getBody()).isNull();
        assertThat(event.getIsBase64Encoded()).isFalse();
        APIGatewayV2HTTPEvent.RequestContext context = event.getRequestContext();
        assertThat(context.getRequestId()).isEqualTo("request-1");
        assertThat(context.getTime()).isEqualTo("12/Mar/2026:19:03:58 +0000");
        assertThat(context.getTimeEpoch()).isEqualTo(NOW.toEpochMilli());
        assertThat(context.getStage()).isEqualTo("$default");
        assertThat(context.getAuthorizer().getIam().getUserArn()).isEqualTo("arn:aws:iam::000000000000:user/local");
        assertThat(context.getHttp().getMethod()).isEqualTo("GET");
        assertThat(context.getHttp().getPath()).isEqualTo("/jobs/a:b");
        assertThat(context.getHttp().getProtocol()).isEqualTo("HTTP/1.1");
        assertThat(context.getHttp().getSourceIp()).isEqualTo("127.0.0.1");
        assertThat(context.getHttp().getUserAgent()).isEqualTo("test");
    }

    @Test
    void handsTextOverUnchanged() throws Exception {
        HttpFront front = front(recordAnd(ok("")));

        send(request(front, "/jobs")
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(BodyPublishers.ofString("{\"prompt\":\"Grüße 🌊 \\u0000\"}")));

        assertThat(events.takeFirst())
                .returns("{\"prompt\":\"Grüße 🌊 \\u0000\"}", APIGatewayV2HTTPEvent::getBody)
                .returns(false, APIGatewayV2HTTPEvent::getIsBase64Encoded);
    }

    @Test
    void handsInvalidUtf8OverInBase64() throws Exception {
        HttpFront front = front(recordAnd(ok("")));
        byte[] invalid = {'{', (byte) 0xC3, (byte) 0x28, '}'};

        send(request(front, "/jobs")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(invalid)));

        assertThat(events.takeFirst())
                .returns(Base64.getEncoder().encodeToString(invalid), APIGatewayV2HTTPEvent::getBody)
                .returns(true, APIGatewayV2HTTPEvent::getIsBase64Encoded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/octet-stream", "application/x-www-form-urlencoded", "image/png"})
    void handsWhatIsNotTextOverInBase64(String contentType) throws Exception {
        HttpFront front = front(recordAnd(ok("")));

        send(request(front, "/jobs").header("Content-Type", contentType).POST(BodyPublishers.ofString("plain")));

        assertThat(events.takeFirst())
                .returns("cGxhaW4=", APIGatewayV2HTTPEvent::getBody)
                .returns(true, APIGatewayV2HTTPEvent::getIsBase64Encoded);
    }

    @Test
    void aTenantHeaderNamesTheCaller() throws Exception {
        HttpFront front = front(recordAnd(ok("")));

        send(request(front, "/jobs").header(GatewayRequest.TENANT_HEADER, "alice@example.com"));

        assertThat(events.takeFirst()
                        .getRequestContext()
                        .getAuthorizer()
                        .getIam()
                        .getUserArn())
                .isEqualTo("arn:aws:iam::000000000000:user/alice@example.com");
    }

    @Test
    void aTenantThatIsNoUserNameIsRefused() throws Exception {
        HttpFront front = front(recordAnd(ok("")));

        HttpResponse<String> response =
                send(request(front, "/jobs").header(GatewayRequest.TENANT_HEADER, "../someone else"));

        assertProblem(response, 400);
        assertThat(events).isEmpty();
    }

    @Test
    void writesStatusHeadersCookiesAndBody() throws Exception {
        HttpFront front = front((event, context) -> APIGatewayV2HTTPResponse.builder()
                .withStatusCode(202)
                .withHeaders(Map.of("Location", "/jobs/1", "Content-Length", "999"))
                .withMultiValueHeaders(Map.of("X-Many", List.of("a", "b")))
                .withCookies(List.of("c=1", "d=2"))
                .withBody("Grüße")
                .build());

        HttpResponse<String> response = send(request(front, "/jobs"));

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).isEqualTo("Grüße");
        assertThat(response.headers().firstValue("Location")).contains("/jobs/1");
        assertThat(response.headers().allValues("X-Many")).containsExactly("a", "b");
        assertThat(response.headers().allValues("Set-Cookie")).containsExactly("c=1", "d=2");
    }

    @Test
    void decodesABase64Answer() throws Exception {
        byte[] bytes = {0, 1, (byte) 0xFF};
        HttpFront front = front((event, context) -> APIGatewayV2HTTPResponse.builder()
                .withStatusCode(200)
                .withBody(Base64.getEncoder().encodeToString(bytes))
                .withIsBase64Encoded(true)
                .build());

        HttpResponse<byte[]> response = client.send(request(front, "/").build(), BodyHandlers.ofByteArray());

        assertThat(response.body()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "OPTIONS", "PATCH", "BREW"})
    void leavesEveryMethodToTheHandler(String method) throws Exception {
        HttpFront front = front(recordAnd(ok("body")));

        HttpResponse<String> response = send(request(front, "/jobs").method(method, BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(events.takeFirst().getRequestContext().getHttp().getMethod()).isEqualTo(method);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refusesABodyOverTheGatewaysLimit(boolean lengthAnnounced) throws Exception {
        HttpFront front = front(recordAnd(ok("")));
        byte[] tooLong = new byte[Gateway.MAX_BODY_BYTES + 1];
        Arrays.fill(tooLong, (byte) 'a');

        HttpResponse<String> response = send(request(front, "/jobs")
                .POST(
                        lengthAnnounced
                                ? BodyPublishers.ofByteArray(tooLong)
                                : BodyPublishers.ofByteArrays(List.of(tooLong))));

        assertProblem(response, 413);
        assertThat(events).isEmpty();
    }

    @Test
    void takesABodyAtTheGatewaysLimit() throws Exception {
        HttpFront front = front(recordAnd(ok("")));
        String longest = "a".repeat(Gateway.MAX_BODY_BYTES);

        send(request(front, "/jobs").POST(BodyPublishers.ofString(longest)));

        assertThat(events.takeFirst().getBody()).isEqualTo(longest);
    }

    @Test
    void aHandlerThatThrowsIsA500AndTheServerLives() throws Exception {
        HttpFront front = front((event, context) -> {
            if (event.getRawPath().equals("/bad")) {
                throw new IllegalStateException("secret detail");
            }
            return ok("fine");
        });

        HttpResponse<String> failed = send(request(front, "/bad"));
        HttpResponse<String> next = send(request(front, "/good"));

        assertProblem(failed, 500);
        assertThat(failed.body()).doesNotContain("secret");
        assertThat(next.body()).isEqualTo("fine");
    }

    @Test
    void anAnswerThatCannotBeWrittenIsA500() throws Exception {
        HttpFront front = front((event, context) -> APIGatewayV2HTTPResponse.builder()
                .withStatusCode(200)
                .withHeaders(Map.of("X-Split", "a\r\nX-Evil: b"))
                .build());

        HttpResponse<String> response = send(request(front, "/jobs"));

        assertProblem(response, 500);
        assertThat(response.headers().firstValue("X-Evil")).isEmpty();
    }

    @Test
    void aPageOfAWebSiteMayNotSpendTokens() throws Exception {
        HttpFront front = front(recordAnd(ok("")));

        HttpResponse<String> foreign = send(
                request(front, "/jobs").header("Origin", "https://example.com").POST(BodyPublishers.ofString("{}")));
        HttpResponse<String> own = send(request(front, "/jobs").header("Origin", "http://localhost:3000"));

        assertProblem(foreign, 403);
        assertThat(own.statusCode()).isEqualTo(200);
    }

    @Test
    void aMountAnswersUnderItsPathOnly() throws Exception {
        HttpFront front = front(
                recordAnd(ok("function")),
                Map.of(
                        "/simulator",
                        (method, path, body) -> new Mount.Answer(201, "text/plain", method + " " + path + " " + body)));

        HttpResponse<String> mounted = send(request(front, "/simulator/faults").PUT(BodyPublishers.ofString("{}")));
        HttpResponse<String> other = send(request(front, "/simulators"));

        assertThat(mounted.statusCode()).isEqualTo(201);
        assertThat(mounted.body()).isEqualTo("PUT /simulator/faults {}");
        assertThat(other.body()).isEqualTo("function");
    }

    @Test
    void servesRequestsAtTheSameTime() throws Exception {
        int requests = 50;
        CyclicBarrier together = new CyclicBarrier(requests);
        HttpFront front = front((event, context) -> {
            try {
                together.await(30, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return ok(event.getRawPath());
        });

        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            answers.add(client.sendAsync(request(front, "/" + i).build(), BodyHandlers.ofString()));
        }

        for (int i = 0; i < requests; i++) {
            assertThat(answers.get(i).get().body()).isEqualTo("/" + i);
        }
    }

    @Test
    void aTakenPortIsToldInOneLine() throws Exception {
        HttpFront first = front(recordAnd(ok("")));
        int port = first.uri().getPort();

        assertThatThrownBy(() -> HttpFront.bind(port, Clock.systemUTC(), () -> "id"))
                .isInstanceOf(PortInUseException.class)
                .hasMessageContaining("127.0.0.1:" + port)
                .hasMessageContaining("--port")
                .message()
                .isNotNull()
                .satisfies(message -> assertThat(message.lines()).hasSize(1));
    }

    private HttpFront front(RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler)
            throws IOException {
        return front(handler, Map.of());
    }

    private HttpFront front(
            RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler, Map<String, Mount> mounts)
            throws IOException {
        HttpFront front = HttpFront.bind(0, Clock.fixed(NOW, ZoneOffset.UTC), () -> "request-1");
        front.serve(handler, mounts);
        fronts.add(front);
        return front;
    }

    private RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> recordAnd(
            APIGatewayV2HTTPResponse response) {
        return (event, context) -> {
            events.addLast(event);
            return response;
        };
    }

    private static APIGatewayV2HTTPResponse ok(String body) {
        return APIGatewayV2HTTPResponse.builder()
                .withStatusCode(200)
                .withBody(body)
                .build();
    }

    private static HttpRequest.Builder request(HttpFront front, String path) {
        return HttpRequest.newBuilder(URI.create(front.uri() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static void assertProblem(HttpResponse<String> response, int status) throws IOException {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).isEqualTo(Optional.of("application/problem+json"));
        assertThat(Json.MAPPER.readTree(response.body()).get("status").asInt()).isEqualTo(status);
    }
}
