package io.breakwater.local.simulator;

import io.breakwater.model.BedrockClients;
import io.breakwater.model.BedrockModelClient;
import io.breakwater.model.Endpoint;
import io.breakwater.model.Message;
import io.breakwater.model.ModelRequest;
import io.breakwater.model.ModelResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

/** A simulator on a clock that stands still, and the model client that calls it through the real SDK. */
final class Simulated implements AutoCloseable {
    static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    static final String SONNET = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    static final Endpoint VIRGINIA = new Endpoint("us-east-1", SONNET, "sonnet");
    static final Endpoint OREGON = new Endpoint("us-west-2", SONNET, "sonnet");
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final TestClock clock = new TestClock(NOON);
    final BedrockSimulator simulator;
    final BedrockModelClient models;
    private final SdkHttpClient http;

    Simulated(SimulatorSettings settings) {
        this(settings, Apache5HttpClient.builder());
    }

    Simulated(SimulatorSettings settings, SdkHttpClient.Builder<?> httpBuilder) {
        simulator = BedrockSimulator.start(settings, clock);
        http = BedrockClients.httpClient(httpBuilder);
        models = models(clock);
    }

    private BedrockModelClient models(Clock clock) {
        return new BedrockModelClient(new BedrockClients(http, Optional.of(simulator.endpointTemplate()), true), clock);
    }

    ModelResult call(Endpoint endpoint, String prompt) {
        return models.call(endpoint, request(prompt, 100_000), PATIENCE);
    }

    ModelResult call(Endpoint endpoint, String prompt, int maxTokens) {
        return models.call(endpoint, request(prompt, maxTokens), PATIENCE);
    }

    SimulatorControl.Response control(String method, String path, String body) {
        return simulator.control().handle(method, path, body);
    }

    static ModelRequest request(String prompt, int maxTokens) {
        return new ModelRequest(List.of(new Message(Message.Role.USER, prompt)), null, maxTokens, null, List.of());
    }

    @Override
    public void close() {
        simulator.close();
        models.close();
        http.close();
    }
}
