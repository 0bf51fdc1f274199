package io.breakwater.job;

import io.breakwater.model.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job as the jobs table holds it, its request aside. Stores keep its instants to the millisecond.
 *
 * @param generation counts deferrals; a message names the generation it was sent for, an older one is stale
 * @param crashes claims whose lease ran out before their worker ended them
 * @param claimId the latest claim; it may write to this job while the job is RUNNING
 * @param leaseUntil when that claim may be taken over, while the job is RUNNING
 * @param sentAt when its latest message was last sent, or was about to be: stored before the send, so no write follows it
 * @param resends how often the sweeper has sent its message again since it last got on
 * @param dueAt when the sweeper looks at it; null once it is final. Up to {@link Due#at} it may be early, and costs a look
 * @param bodyHash SHA-256 of the request, to tell a repeat from a conflict
 * @param attempts oldest first; when there were more than {@link #MAX_ATTEMPTS}, the latest of them
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
        int resends,
        @Nullable Instant dueAt,
        String bodyHash,
        List<Attempt> attempts,
        @Nullable ServedBy servedBy,
        @Nullable Degradation degradation,
        @Nullable Usage usage,
        @Nullable Instant notBefore,
        @Nullable StoredResult result,
        @Nullable JobError error,
        Map<String, String> metadata) {
    /** A bound on a job that is deferred again and again, so that it always fits its item. */
    public static final int MAX_ATTEMPTS = 30;

    /** Claims that ended in a crash after which the job is taken to be the cause. */
    public static final int MAX_CRASHES = 3;

    public Job {
        attempts = latest(attempts);
        metadata = Map.copyOf(metadata);
    }

    /** Those of the attempts that a job keeps. */
    static List<Attempt> latest(List<Attempt> attempts) {
        return List.copyOf(attempts.subList(Math.max(0, attempts.size() - MAX_ATTEMPTS), attempts.size()));
    }

    /** A job that has just been accepted, and whose message is about to be sent. */
    public static Job queued(String id, String tenant, JobRequest request, Instant now) {
        Instant deadline = now.plusSeconds(request.deadlineSeconds());
        return new Job(
                id,
                tenant,
                JobStatus.QUEUED,
                now,
                now,
                deadline,
                0,
                0,
                null,
                null,
                now,
                0,
                Due.earlier(now.plus(Due.interval(0)), deadline),
                JobIds.bodyHash(request),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                request.metadata());
    }

    /** Whether a worker holds it: its claim's lease runs. */
    public boolean isHeld(Instant now) {
        return status == JobStatus.RUNNING && leaseUntil != null && leaseUntil.isAfter(now);
    }

    /**
     * Whether it waits longer than a message can be delayed: then none was sent, and the sweeper sends one when the wait
     * is over.
     */
    public boolean isParked() {
        return status == JobStatus.DEFERRED && notBefore != null && isParked(sentAt, notBefore);
    }

    /** Whether a job that is deferred now, until then, is parked. */
    public static boolean isParked(Instant now, Instant notBefore) {
        return notBefore.isAfter(now.plus(JobQueue.MAX_DELAY));
    }
}
