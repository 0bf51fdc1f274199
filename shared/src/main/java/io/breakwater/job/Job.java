package io.breakwater.job;

import io.breakwater.model.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job as the jobs table holds it, its request aside.
 *
 * @param generation counts deferrals; a message names the generation it was sent for, an older one is stale
 * @param crashes claims whose lease ran out before their worker ended them
 * @param claimId the claim that may write to this job, while it is RUNNING
 * @param leaseUntil when that claim may be taken over
 * @param sentAt when its latest message was last sent, or was about to be: stored before the send, so no write follows it
 * @param bodyHash SHA-256 of the request body, to tell a repeat from a conflict
 */
public record Job(
        String id,
        String tenant,
        JobStatus status,
        Instant createdAt,
        Instant updatedAt,
        Instant deadline,
        int generation,
        int crashes,
        @Nullable String claimId,
        @Nullable Instant leaseUntil,
        Instant sentAt,
        String bodyHash,
        List<Attempt> attempts,
        @Nullable ServedBy servedBy,
        @Nullable Degradation degradation,
        @Nullable Usage usage,
        @Nullable Instant notBefore,
        @Nullable StoredResult result,
        @Nullable JobError error,
        Map<String, String> metadata) {
    public Job {
        attempts = List.copyOf(attempts);
        metadata = Map.copyOf(metadata);
    }
}
