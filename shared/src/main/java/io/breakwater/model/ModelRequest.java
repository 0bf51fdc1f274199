package io.breakwater.model;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to ask a model, independent of where.
 *
 * @param messages the conversation, not empty
 * @param system instructions that stand above the conversation
 * @param maxTokens the most tokens that the answer may have, at least 1
 * @param temperature 0 to 1; the model's own default when null
 * @param stopSequences texts that end the answer
 */
public record ModelRequest(
        List<Message> messages,
        @Nullable String system,
        int maxTokens,
        @Nullable Double temperature,
        List<String> stopSequences) {
    private static final int BYTES_PER_TOKEN = 4;

    public ModelRequest {
        messages = List.copyOf(messages);
        stopSequences = List.copyOf(stopSequences);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("messages must not be empty");
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1, was " + maxTokens);
        }
    }

    /**
     * What the call holds of a token quota while it runs: its input and its whole {@link #maxTokens}. The input is
     * estimated at four bytes a token, as English text comes to; what it really was, the answer tells.
     */
    public long reservedTokens() {
        long bytes = system == null ? 0 : system.getBytes(StandardCharsets.UTF_8).length;
        for (Message message : messages) {
            bytes += message.content().getBytes(StandardCharsets.UTF_8).length;
        }
        return maxTokens + bytes / BYTES_PER_TOKEN;
    }
}
