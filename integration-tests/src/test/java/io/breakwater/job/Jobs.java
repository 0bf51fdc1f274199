package io.breakwater.job;

import io.breakwater.job.JobRequest.WhenUnavailable;
import io.breakwater.job.JobStore.Success;
import io.breakwater.model.Message;
import io.breakwater.model.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Jobs, requests and outcomes for tests. */
final class Jobs {
    static final Duration DEADLINE = Duration.ofHours(6);

    private Jobs() {}

    static JobRequest request(String prompt) {
        return new JobRequest(
                List.of(new Message(Message.Role.USER, prompt)),
                "Answer in verse.",
                256,
                0.7,
                List.of("END"),
                true,
                WhenUnavailable.QUEUE,
                DEADLINE.toSeconds(),
                Map.of("ticket", "A-17"));
    }

    static Attempt attempt(String outcome, Instant startedAt) {
        return new Attempt("us-east-1/anthropic.claude-x", "primary", outcome, startedAt, 42, 256);
    }

    static Success success(String jobId, String claimId, List<Attempt> attempts) {
        return new Success(
                new ServedBy("us-west-2", "anthropic.claude-y", "fallback"),
                new Degradation("fallback", 128, null),
                new Usage(12, 34, new BigDecimal("0.0000033")),
                new StoredResult("results/" + jobId + "/" + claimId, "text/plain; charset=utf-8", 1234, "end_turn"),
                attempts);
    }
}
