package io.breakwater.local.simulator;

import java.util.List;

/** The body of a Converse response. */
record ConverseAnswer(Output output, String stopReason, TokenUsage usage, Metrics metrics) {
    record Output(Message message) {}

    record Message(String role, List<Text> content) {}

    record Text(String text) {}

    record TokenUsage(long inputTokens, long outputTokens, long totalTokens) {}

    record Metrics(long latencyMs) {}

    static ConverseAnswer of(String text, String stopReason, long inputTokens, long outputTokens, long latencyMillis) {
        return new ConverseAnswer(
                new Output(new Message("assistant", List.of(new Text(text)))),
                stopReason,
                new TokenUsage(inputTokens, outputTokens, inputTokens + outputTokens),
                new Metrics(latencyMillis));
    }
}
