package io.breakwater.local.simulator;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What a Converse request asks, as far as the simulator cares.
 *
 * @param prompt the text of the last user message
 */
record Conversation(String prompt, long inputTokens, int maxTokens) {
    /** Takes the place of the model's own ceiling, which Bedrock reserves when a request names none. */
    private static final int DEFAULT_MAX_TOKENS = 4_096;

    private static final int CHARACTERS_PER_TOKEN = 4;

    /** Reads a request's body; empty when it is no JSON or has no user message. */
    static Optional<Conversation> parse(byte[] body) throws IOException {
        JsonNode request;
        try {
            request = Json.MAPPER.readTree(body);
        } catch (JacksonException e) {
            return Optional.empty();
        }
        List<JsonNode> messages = elements(request.path("messages"));
        long inputTokens = tokens(text(request.path("system")).length()
                + messages.stream()
                        .mapToLong(message -> text(message.path("content")).length())
                        .sum());
        int maxTokens = request.path("inferenceConfig").path("maxTokens").asInt(DEFAULT_MAX_TOKENS);
        return messages.reversed().stream()
                .filter(message -> message.path("role").asText().equals("user"))
                .findFirst()
                .map(message -> new Conversation(text(message.path("content")), inputTokens, maxTokens));
    }

    /** The prompt again, cut to {@code maxTokens} without splitting a character. */
    ConverseAnswer echo(long latencyMillis) {
        long limit = (long) maxTokens * CHARACTERS_PER_TOKEN;
        if (prompt.length() <= limit) {
            return ConverseAnswer.of(prompt, "end_turn", inputTokens, tokens(prompt.length()), latencyMillis);
        }
        int end = (int) limit;
        boolean splitsPair =
                Character.isHighSurrogate(prompt.charAt(end - 1)) && Character.isLowSurrogate(prompt.charAt(end));
        String text = prompt.substring(0, splitsPair ? end - 1 : end);
        return ConverseAnswer.of(text, "max_tokens", inputTokens, maxTokens, latencyMillis);
    }

    private static long tokens(long characters) {
        return Math.ceilDiv(characters, CHARACTERS_PER_TOKEN);
    }

    private static String text(JsonNode blocks) {
        return elements(blocks).stream()
                .map(block -> block.path("text").asText())
                .collect(Collectors.joining());
    }

    private static List<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
