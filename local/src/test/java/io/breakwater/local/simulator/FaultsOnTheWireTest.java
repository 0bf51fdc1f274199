package io.breakwater.local.simulator;

import static io.breakwater.local.simulator.Simulated.OREGON;
import static io.breakwater.local.simulator.Simulated.VIRGINIA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.breakwater.model.BedrockClients;
import io.breakwater.model.FailureKind;
import io.breakwater.model.ModelResult;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.BedrockRuntimeException;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.Message;

/** Each fault as it arrives at the model client, through the real SDK and both of its HTTP clients. */
class FaultsOnTheWireTest {
    private static final Message HELLO = Message.builder()
            .role(ConversationRole.USER)
            .content(ContentBlock.fromText("hello"))
            .build();

    private static final Map<FaultKind, FailureKind> KINDS = Map.ofEntries(
            Map.entry(FaultKind.THROTTLE, FailureKind.THROTTLED),
            Map.entry(FaultKind.DAILY_QUOTA, FailureKind.DAILY_QUOTA),
            Map.entry(FaultKind.SERVER_ERROR, FailureKind.SERVER_ERROR),
            Map.entry(FaultKind.UNAVAILABLE, FailureKind.SERVER_ERROR),
            Map.entry(FaultKind.MODEL_TIMEOUT, FailureKind.TIMEOUT),
            Map.entry(FaultKind.MODEL_ERROR, FailureKind.SERVER_ERROR),
            Map.entry(FaultKind.MODEL_NOT_READY, FailureKind.SERVER_ERROR),
            Map.entry(FaultKind.END_OF_LIFE, FailureKind.END_OF_LIFE),
            Map.entry(FaultKind.ACCESS_DENIED, FailureKind.ACCESS_DENIED),
            Map.entry(FaultKind.VALIDATION, FailureKind.CALLER_FAULT),
            Map.entry(FaultKind.STALL, FailureKind.TIMEOUT),
            Map.entry(FaultKind.DROP, FailureKind.SERVER_ERROR),
            Map.entry(FaultKind.MALFORMED, FailureKind.MALFORMED));

    private static Stream<Arguments> faultsThroughEachHttpClient() {
        return Arrays.stream(FaultKind.values())
                .flatMap(fault -> Stream.of(
                        arguments(fault, Apache5HttpClient.builder()),
                        arguments(fault, UrlConnectionHttpClient.builder())));
    }

    @ParameterizedTest
    @MethodSource("faultsThroughEachHttpClient")
    void eachFaultArrivesAsItsKindOfFailureAfterOneRequest(FaultKind fault, SdkHttpClient.Builder<?> http) {
        try (Simulated simulated = new Simulated(SimulatorSettings.seeded(1), http)) {
            // Given: a client that has called before, so that the stalled call's time is not spent on loading classes
            simulated.call(VIRGINIA, "hello");
            simulated.control("DELETE", "/simulator/stats", "");
            simulated.control("PUT", "/simulator/faults", "{\"fault\":\"" + fault + "\"}");
            Duration timeout = fault == FaultKind.STALL ? Duration.ofSeconds(1) : Simulated.PATIENCE;

            // When
            ModelResult result = simulated.models.call(VIRGINIA, Simulated.request("hello", 10), timeout);

            // Then
            assertThat(result).isInstanceOfSatisfying(ModelResult.Failure.class, failure -> {
                assertThat(failure.kind()).isEqualTo(KINDS.get(fault));
                assertThat(failure.message()).isNotBlank().doesNotContain("SDK Attempt Count");
                fault.answer().ifPresent(answer -> assertThat(failure.message()).isEqualTo(answer.message()));
            });
            assertThat(simulated.control("GET", "/simulator/stats", "").body()).startsWith("{\"calls\":1,");
        }
    }

    @Test
    void everyExceptionOfConverseArrivesAsItsOwnClass() throws NoSuchMethodException {
        // Given
        Set<Class<?>> declared = Arrays.stream(BedrockRuntimeClient.class
                        .getMethod("converse", ConverseRequest.class)
                        .getExceptionTypes())
                .filter(BedrockRuntimeException.class::isAssignableFrom)
                .filter(type -> type != BedrockRuntimeException.class)
                .collect(Collectors.toSet());
        try (Simulated simulated = new Simulated(SimulatorSettings.seeded(1));
                SdkHttpClient http = BedrockClients.httpClient(Apache5HttpClient.builder());
                BedrockRuntimeClient client = new BedrockClients(
                                http, Optional.of(simulated.simulator.endpointTemplate()), true)
                        .apply("us-east-1")) {

            // When
            Set<Class<?>> arrived = EnumSet.allOf(FaultKind.class).stream()
                    .filter(fault -> fault.answer().isPresent())
                    .map(fault -> {
                        simulated.control("PUT", "/simulator/faults", "{\"fault\":\"" + fault + "\"}");
                        return exceptionOf(client);
                    })
                    .collect(Collectors.toSet());

            // Then
            assertThat(arrived).isEqualTo(declared);
        }
    }

    private static Class<?> exceptionOf(BedrockRuntimeClient client) {
        try {
            client.converse(request -> request.modelId("m").messages(HELLO));
            throw new AssertionError("the call did not fail");
        } catch (SdkServiceException e) {
            return e.getClass();
        }
    }

    @Test
    void retryAfterReachesTheCaller() {
        try (Simulated simulated = new Simulated(SimulatorSettings.seeded(1))) {
            // Given
            simulated.control("PUT", "/simulator/faults", """
                {"fault":"THROTTLE","retryAfterSeconds":17}\
                """);

            // When
            ModelResult result = simulated.call(VIRGINIA, "hello");

            // Then
            assertThat(result)
                    .isEqualTo(new ModelResult.Failure(
                            FailureKind.THROTTLED,
                            "Too many requests, please wait before trying again.",
                            Duration.ofSeconds(17)));
        }
    }

    @Test
    void aStallTimesOutOnAPlatformThreadAndOnAVirtualOne() {
        try (Simulated simulated = new Simulated(SimulatorSettings.seeded(1))) {
            simulated.control("PUT", "/simulator/faults", "{\"fault\":\"STALL\"}");
            for (Thread.Builder threads : new Thread.Builder[] {Thread.ofPlatform(), Thread.ofVirtual()}) {
                // When
                var result = new CompletableFuture<ModelResult>();
                threads.start(() -> result.complete(
                        simulated.models.call(VIRGINIA, Simulated.request("hello", 10), Duration.ofMillis(200))));

                // Then
                assertThat(result)
                        .succeedsWithin(Duration.ofSeconds(20))
                        .isInstanceOfSatisfying(
                                ModelResult.Failure.class,
                                failure -> assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT));
            }
        }
    }

    @Test
    void latencyBeyondTheTimeoutIsATimeout() {
        SimulatorSettings slow = SimulatorSettings.seeded(1).withLatency(Latency.constant(Duration.ofMinutes(5)));
        try (Simulated simulated = new Simulated(slow)) {
            // When
            ModelResult result =
                    simulated.models.call(VIRGINIA, Simulated.request("hello", 10), Duration.ofMillis(200));

            // Then
            assertThat(result)
                    .isInstanceOfSatisfying(
                            ModelResult.Failure.class,
                            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT));
        }
    }

    @Test
    void anInterruptedCallIsCancelledAndBlamesNobody() {
        try (Simulated simulated = new Simulated(SimulatorSettings.seeded(1))) {
            // Given
            simulated.control("PUT", "/simulator/faults", "{\"fault\":\"STALL\"}");
            var interrupted = new CompletableFuture<Boolean>();
            Thread caller = Thread.startVirtualThread(() -> {
                try {
                    simulated.call(VIRGINIA, "hello");
                } catch (CancellationException e) {
                    interrupted.complete(Thread.currentThread().isInterrupted());
                }
            });
            awaitStall(simulated);

            // When
            caller.interrupt();

            // Then
            assertThat(interrupted).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(true);
        }
    }

    @Test
    void aThreadThatIsAlreadyInterruptedCallsNobody() {
        try (Simulated simulated = new Simulated(SimulatorSettings.seeded(1))) {
            // Given
            Thread.currentThread().interrupt();

            // When, Then
            assertThatThrownBy(() -> simulated.call(VIRGINIA, "hello")).isInstanceOf(CancellationException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void closingEndsWhatStalls() {
        try (Simulated simulated = new Simulated(SimulatorSettings.seeded(1))) {
            // Given
            simulated.control("PUT", "/simulator/faults", "{\"fault\":\"STALL\"}");
            var result = new CompletableFuture<ModelResult>();
            Thread.startVirtualThread(() -> result.complete(simulated.call(VIRGINIA, "hello")));
            awaitStall(simulated);

            // When
            simulated.simulator.close();

            // Then
            assertThat(result).succeedsWithin(Duration.ofSeconds(20)).isInstanceOf(ModelResult.Failure.class);
        }
    }

    private static void awaitStall(Simulated simulated) {
        await().until(() ->
                simulated.control("GET", "/simulator/stats", "").body().contains("STALL"));
    }

    @Test
    void nobodyListeningIsAServerError() {
        try (Simulated simulated = new Simulated(SimulatorSettings.seeded(1))) {
            // Given
            simulated.simulator.close();

            // When
            ModelResult result = simulated.call(VIRGINIA, "hello");

            // Then
            assertThat(result)
                    .isInstanceOfSatisfying(
                            ModelResult.Failure.class,
                            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.SERVER_ERROR));
        }
    }

    @Test
    void aFaultHitsOnlyItsRegion() {
        try (Simulated simulated = new Simulated(SimulatorSettings.seeded(1))) {
            // Given
            simulated.control("PUT", "/simulator/faults", """
                {"region":"us-east-1","model":"*","fault":"THROTTLE"}\
                """);

            // When, Then
            assertThat(simulated.call(VIRGINIA, "hello")).isInstanceOf(ModelResult.Failure.class);
            assertThat(simulated.call(OREGON, "hello")).isInstanceOf(ModelResult.Reply.class);
        }
    }
}
