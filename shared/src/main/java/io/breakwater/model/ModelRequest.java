package io.breakwater.model;

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
}
