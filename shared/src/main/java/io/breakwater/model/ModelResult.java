package io.breakwater.model;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a model call ended. */
public sealed interface ModelResult {
    /**
     * The model answered.
     *
     * @param text the answer's text, unchanged
     * @param stopReason why the model stopped, in Converse's words: {@code end_turn}, {@code max_tokens}, …
     */
    record Reply(String text, Usage usage, String stopReason) implements ModelResult {}

    /**
     * The model did not answer.
     *
     * @param message what the service or the network said, fit to show to the job's owner
     * @param retryAfter how long the service asked to be left alone, when it said so
     */
    record Failure(
            FailureKind kind, String message, @Nullable Duration retryAfter) implements ModelResult {
        /** Whether it was too many tokens, and not too many requests, that throttled the call. */
        public boolean isForTokens() {
            return kind == FailureKind.THROTTLED
                    && message.toLowerCase(Locale.ROOT).contains("too many tokens");
        }
    }
}
