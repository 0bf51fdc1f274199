package io.breakwater.local.simulator;

import static io.breakwater.local.simulator.Simulated.OREGON;
import static io.breakwater.local.simulator.Simulated.SONNET;
import static io.breakwater.local.simulator.Simulated.VIRGINIA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import io.breakwater.model.Message;
import io.breakwater.model.ModelRequest;
import io.breakwater.model.ModelResult;
import io.breakwater.model.Usage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BedrockSimulatorTest {
    private Optional<Simulated> running = Optional.empty();

    private Simulated start(SimulatorSettings settings) {
        Simulated simulated = new Simulated(settings);
        running = Optional.of(simulated);
        return simulated;
    }

    private Simulated start() {
        return start(SimulatorSettings.seeded(1));
    }

    @AfterEach
    void stop() {
        running.ifPresent(Simulated::close);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                " ",
                "\n",
                "\u0000",
                "\"\\/\b\f\t",
                "żółć",
                "日本語",
                "👩‍👩‍👧‍👦 🇵🇱",
                "\u202E\uFEFF\uFFFE",
                "</script>{\"text\":\"x\"}"
            })
    void theAnswerIsThePromptUnchanged(String prompt) {
        assertThat(start().call(VIRGINIA, prompt)).isInstanceOfSatisfying(ModelResult.Reply.class, reply -> {
            assertThat(reply.text()).isEqualTo(prompt);
            assertThat(reply.stopReason()).isEqualTo("end_turn");
        });
    }

    @Test
    void aPromptOf300KilobytesComesBackUnchanged() {
        // Given
        String prompt = new SplittableRandom(7)
                .ints(100_000, 0x20, 0xD800)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();

        // When, Then
        assertThat(start().call(VIRGINIA, prompt))
                .isInstanceOfSatisfying(
                        ModelResult.Reply.class,
                        reply -> assertThat(reply.text()).isEqualTo(prompt));
    }

    @Test
    void theLastUserMessageIsEchoedAndEverythingIsCounted() {
        // Given
        ModelRequest request = new ModelRequest(
                List.of(
                        new Message(Message.Role.USER, "first"),
                        new Message(Message.Role.ASSISTANT, "second"),
                        new Message(Message.Role.USER, "third")),
                "be brief",
                50,
                0.5,
                List.of("END"));

        // When
        ModelResult result = start().models.call(VIRGINIA, request, Simulated.PATIENCE);

        // Then
        assertThat(result).isEqualTo(new ModelResult.Reply("third", new Usage(6, 2), "end_turn"));
    }

    @Test
    void anAnswerIsCutAtMaxTokensWithoutSplittingACharacter() {
        // Given
        String prompt = "abc👋abcd";

        // When
        ModelResult result = start().call(VIRGINIA, prompt, 1);

        // Then
        assertThat(result).isEqualTo(new ModelResult.Reply("abc", new Usage(3, 1), "max_tokens"));
    }

    @Test
    void modelIdsAndArnsSurviveThePath() {
        // Given
        Endpoint profile = new Endpoint(
                "eu-west-1",
                "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
                "sonnet");
        Simulated simulated = start();

        // When
        simulated.call(profile, "hello");

        // Then
        assertThat(simulated.control("GET", "/simulator/stats", "").body())
                .contains("\"region\":\"eu-west-1\",\"model\":\"" + profile.model() + "\"");
    }

    @Test
    void aRequestWithoutAUserMessageIsInvalid() throws IOException, InterruptedException {
        // Given
        Simulated simulated = start();
        for (String body : List.of("{}", "not json", "{\"messages\":[]}", "[]")) {
            // When
            HttpResponse<String> response = post(simulated, "/us-east-1/model/m/converse", body);

            // Then
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.headers().firstValue("x-amzn-ErrorType"))
                    .contains("ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/");
            assertThat(response.body()).startsWith("{\"message\":\"");
        }
    }

    @Test
    void otherOperationsAreUnknown() throws IOException, InterruptedException {
        assertThat(post(start(), "/us-east-1/model/m/invoke", "{}").statusCode())
                .isEqualTo(404);
    }

    @Test
    void requestsBeyondTheQuotaOfTheMinuteAreThrottledUntilTheNext() {
        // Given
        Simulated simulated =
                start(SimulatorSettings.seeded(1).withQuotas(List.of(new Quota("us-east-1", "*", 2L, null, null))));

        // When
        List<Optional<FailureKind>> kinds = IntStream.range(0, 3)
                .mapToObj(_ -> failure(simulated.call(VIRGINIA, "hello")))
                .toList();

        // Then
        assertThat(kinds).containsExactly(Optional.empty(), Optional.empty(), Optional.of(FailureKind.THROTTLED));
        assertThat(failure(simulated.call(OREGON, "hello"))).isEmpty();

        // When
        simulated.clock.advance(Duration.ofMinutes(1));

        // Then
        assertThat(failure(simulated.call(VIRGINIA, "hello"))).isEmpty();
    }

    @Test
    void maxTokensAreReservedSoThatFewerOfThemFitWhereMoreDoNot() {
        // Given
        Simulated simulated = start();
        simulated.control("PUT", "/simulator/quota", """
            {"tokensPerMinute":100}\
            """);

        // When, Then: 1 token of input, and maxTokens
        assertThat(simulated.call(VIRGINIA, "abcd", 100))
                .isEqualTo(new ModelResult.Failure(
                        FailureKind.THROTTLED, "Too many tokens, please wait before trying again.", null));
        assertThat(failure(simulated.call(VIRGINIA, "abcd", 99))).isEmpty();
    }

    @Test
    void whatACallDidNotUseIsGivenBackWhenItEnds() {
        // Given
        Simulated simulated = start();
        simulated.control("PUT", "/simulator/quota", """
            {"tokensPerMinute":100}\
            """);

        // When
        simulated.call(VIRGINIA, "abcd", 99);

        // Then: it used 2
        assertThat(failure(simulated.call(VIRGINIA, "abcd", 98))).contains(FailureKind.THROTTLED);
        assertThat(failure(simulated.call(VIRGINIA, "abcd", 97))).isEmpty();
    }

    @Test
    void tokensBeyondTheQuotaOfTheDayAreRefusedUntilMidnight() {
        // Given
        Simulated simulated = start();
        simulated.control("PUT", "/simulator/quota", """
            {"region":"us-east-1","model":"%s","tokensPerDay":100}\
            """.formatted(SONNET));
        String prompt = "a".repeat(200);
        simulated.call(VIRGINIA, prompt, 50);

        // When
        simulated.clock.advance(Duration.ofHours(11));

        // Then
        assertThat(failure(simulated.call(VIRGINIA, prompt, 50))).contains(FailureKind.DAILY_QUOTA);

        // When
        simulated.clock.advance(Duration.ofHours(1));

        // Then
        assertThat(failure(simulated.call(VIRGINIA, prompt, 50))).isEmpty();
    }

    @Test
    void aQuotaWithoutLimitsLiftsTheOneBefore() {
        // Given
        Simulated simulated = start();
        simulated.control("PUT", "/simulator/quota", "{\"requestsPerMinute\":0}");

        // When
        simulated.control("PUT", "/simulator/quota", "{}");

        // Then
        assertThat(failure(simulated.call(VIRGINIA, "hello"))).isEmpty();
    }

    @Test
    void aSeedRepeatsEachEndpointsLuckWhateverTheOthersDo() {
        // Given
        List<Optional<FailureKind>> alone = luck(42, List.of(VIRGINIA)).get(VIRGINIA);

        // When
        List<Optional<FailureKind>> amongOthers =
                luck(42, List.of(OREGON, VIRGINIA)).get(VIRGINIA);

        // Then
        assertThat(amongOthers).isEqualTo(alone).contains(Optional.empty(), Optional.of(FailureKind.THROTTLED));
        assertThat(luck(43, List.of(VIRGINIA)).get(VIRGINIA)).isNotEqualTo(alone);
    }

    @Test
    void logNormalLatencyHasItsMedianAndItsTail() {
        // Given
        Latency latency = new Latency(Duration.ofMillis(100), Duration.ofSeconds(1));
        RandomGenerator random = new SplittableRandom(3);

        // When
        List<Long> millis = IntStream.range(0, 100_000)
                .mapToObj(_ -> latency.sample(random).toMillis())
                .sorted()
                .toList();

        // Then
        assertThat(millis.get(50_000)).isBetween(97L, 103L);
        assertThat(millis.get(99_000)).isBetween(920L, 1_080L);
    }

    @Test
    void manyCallsAtOnceAreEachAnsweredAndCounted() throws Exception {
        // Given
        Simulated simulated = start();
        List<Callable<ModelResult>> calls = IntStream.range(0, 500)
                .<Callable<ModelResult>>mapToObj(number -> () -> simulated.call(VIRGINIA, "prompt " + number))
                .toList();

        // When
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<String> answers = threads.invokeAll(calls).stream()
                    .map(Future::resultNow)
                    .map(result -> result instanceof ModelResult.Reply reply ? reply.text() : result.toString())
                    .toList();

            // Then
            assertThat(answers)
                    .isEqualTo(IntStream.range(0, 500)
                            .mapToObj(number -> "prompt " + number)
                            .toList());
        }
        assertThat(simulated.control("GET", "/simulator/stats", "").body())
                .isEqualTo("{\"calls\":500,\"endpoints\":[{\"region\":\"us-east-1\",\"model\":\"" + SONNET
                        + "\",\"outcomes\":{\"SUCCESS\":500},\"calls\":500}]}");
    }

    @Test
    void aTakenPortIsNamed() {
        // Given
        URI taken = URI.create(start().simulator.endpointTemplate().replace("{region}", ""));
        SimulatorSettings settings = SimulatorSettings.seeded(1).withPort(taken.getPort());

        // When, Then
        assertThatThrownBy(() -> new Simulated(settings)).hasMessageContaining("127.0.0.1:" + taken.getPort());
    }

    private static Map<Endpoint, List<Optional<FailureKind>>> luck(long seed, List<Endpoint> endpoints) {
        try (Simulated simulated = new Simulated(SimulatorSettings.seeded(seed))) {
            simulated.control("PUT", "/simulator/faults", """
                {"fault":"THROTTLE","probability":0.5}\
                """);
            return IntStream.range(0, 30)
                    .boxed()
                    .flatMap(_ -> endpoints.stream())
                    .collect(Collectors.groupingBy(
                            endpoint -> endpoint,
                            Collectors.mapping(
                                    endpoint -> failure(simulated.call(endpoint, "hello")), Collectors.toList())));
        }
    }

    private static Optional<FailureKind> failure(ModelResult result) {
        return switch (result) {
            case ModelResult.Reply _ -> Optional.empty();
            case ModelResult.Failure failure -> Optional.of(failure.kind());
        };
    }

    private static HttpResponse<String> post(Simulated simulated, String path, String body)
            throws IOException, InterruptedException {
        String base = simulated.simulator.endpointTemplate().replace("/{region}", "");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(base + path))
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
