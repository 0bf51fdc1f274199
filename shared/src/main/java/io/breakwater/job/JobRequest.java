package io.breakwater.job;

import io.breakwater.model.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked for, validated and with defaults filled in. The body of {@code POST /jobs}.
 *
 * @param messages the conversation; a bare {@code prompt} becomes one user message
 * @param maxTokens the client's own ceiling; the tier's when null
 * @param allowDegraded whether a lower tier, fewer tokens or a simplified prompt may serve the job
 * @param deadlineSeconds seconds after submission at which the job expires
 */
public record JobRequest(
        List<Message> messages,
        @Nullable String system,
        @Nullable Integer maxTokens,
        @Nullable Double temperature,
        List<String> stopSequences,
        boolean allowDegraded,
        WhenUnavailable whenUnavailable,
        long deadlineSeconds,
        Map<String, String> metadata) {
    public static final long DEFAULT_DEADLINE_SECONDS = 21_600;

    public JobRequest {
        messages = List.copyOf(messages);
        stopSequences = List.copyOf(stopSequences);
        metadata = Map.copyOf(metadata);
    }

    /** A prompt with nothing else asked for. */
    public static JobRequest of(String prompt) {
        return of(prompt, Duration.ofSeconds(DEFAULT_DEADLINE_SECONDS));
    }

    /** A prompt with nothing else asked for but its deadline, in whole seconds. */
    public static JobRequest of(String prompt, Duration deadline) {
        return new JobRequest(
                List.of(new Message(Message.Role.USER, prompt)),
                null,
                null,
                null,
                List.of(),
                true,
                WhenUnavailable.QUEUE,
                deadline.toSeconds(),
                Map.of());
    }

    /** What to do when no endpoint will take the job. */
    public enum WhenUnavailable {
        QUEUE,
        FAIL
    }
}
