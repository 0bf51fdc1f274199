package io.breakwater.model;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.InferenceConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;

/**
 * Calls models by Bedrock's Converse operation, one request for one call, with a client for each region made when the
 * region is first asked for.
 */
public final class BedrockModelClient implements ModelClient, AutoCloseable {
    private final Function<String, BedrockRuntimeClient> clientForRegion;
    private final InstantSource clock;
    private final Map<String, BedrockRuntimeClient> clients = new ConcurrentHashMap<>();

    /**
     * Creates a client that has not connected to any region yet.
     *
     * @param clientForRegion makes a region's client, without retries of its own: {@link BedrockClients}
     * @param clock tells how far a {@code Retry-After} date is
     */
    public BedrockModelClient(Function<String, BedrockRuntimeClient> clientForRegion, InstantSource clock) {
        this.clientForRegion = clientForRegion;
        this.clock = clock;
    }

    @Override
    public ModelResult call(Endpoint endpoint, ModelRequest request, Duration timeout) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("timeout must be positive, was " + timeout);
        }
        ConverseRequest converse = converse(endpoint, request, timeout);
        try {
            return result(
                    clients.computeIfAbsent(endpoint.region(), clientForRegion).converse(converse));
        } catch (RuntimeException failure) {
            throwIfCancelled(failure);
            return FailureClassifier.classify(failure, clock.instant());
        }
    }

    @Override
    public void close() {
        clients.values().forEach(BedrockRuntimeClient::close);
    }

    private static ConverseRequest converse(Endpoint endpoint, ModelRequest request, Duration timeout) {
        var converse = ConverseRequest.builder()
                .modelId(endpoint.model())
                .messages(request.messages().stream()
                        .map(BedrockModelClient::message)
                        .toList())
                .inferenceConfig(inference(request))
                // With one attempt, the call's timeout is the attempt's; a second timer could only race the first.
                .overrideConfiguration(override -> override.apiCallTimeout(timeout));
        if (request.system() != null) {
            converse.system(SystemContentBlock.fromText(request.system()));
        }
        return converse.build();
    }

    private static InferenceConfiguration inference(ModelRequest request) {
        var inference = InferenceConfiguration.builder().maxTokens(request.maxTokens());
        if (request.temperature() != null) {
            inference.temperature(request.temperature().floatValue());
        }
        if (!request.stopSequences().isEmpty()) {
            inference.stopSequences(request.stopSequences());
        }
        return inference.build();
    }

    private static software.amazon.awssdk.services.bedrockruntime.model.Message message(Message message) {
        return software.amazon.awssdk.services.bedrockruntime.model.Message.builder()
                .role(
                        switch (message.role()) {
                            case USER -> ConversationRole.USER;
                            case ASSISTANT -> ConversationRole.ASSISTANT;
                        })
                .content(ContentBlock.fromText(message.content()))
                .build();
    }

    private static ModelResult result(ConverseResponse response) {
        Optional<List<ContentBlock>> content = Optional.ofNullable(response.output())
                .map(ConverseOutput::message)
                .map(software.amazon.awssdk.services.bedrockruntime.model.Message::content);
        if (content.isEmpty() || response.usage() == null || response.stopReason() == null) {
            return new ModelResult.Failure(
                    FailureKind.MALFORMED, "the answer lacks a message, its usage or its stop reason", null);
        }
        List<String> texts = content.get().stream()
                .map(ContentBlock::text)
                .filter(Objects::nonNull)
                .toList();
        // A caller's stop sequence may come first of all: an empty answer, and nobody's failure.
        if (!texts.isEmpty() || response.stopReason() == StopReason.STOP_SEQUENCE) {
            return new ModelResult.Reply(
                    String.join("", texts), usage(response.usage()), response.stopReasonAsString());
        }
        return switch (response.stopReason()) {
            case CONTENT_FILTERED, GUARDRAIL_INTERVENED ->
                new ModelResult.Failure(
                        FailureKind.CALLER_FAULT, "the answer was withheld: " + response.stopReasonAsString(), null);
            default ->
                new ModelResult.Failure(
                        FailureKind.MALFORMED,
                        "the answer has no text; it stopped by " + response.stopReasonAsString(),
                        null);
        };
    }

    private static Usage usage(TokenUsage usage) {
        return new Usage(
                Objects.requireNonNullElse(usage.inputTokens(), 0),
                Objects.requireNonNullElse(usage.outputTokens(), 0));
    }

    /** An interrupt ends a call without saying anything about the endpoint, unless the call was overdue already. */
    private static void throwIfCancelled(RuntimeException failure) {
        boolean overdue = failure instanceof ApiCallTimeoutException;
        if (failure instanceof AbortedException || (Thread.currentThread().isInterrupted() && !overdue)) {
            Thread.currentThread().interrupt();
            throw (CancellationException)
                    new CancellationException("interrupted while calling a model").initCause(failure);
        }
    }
}
