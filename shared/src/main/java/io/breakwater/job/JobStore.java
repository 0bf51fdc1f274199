package io.breakwater.job;

import io.breakwater.model.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Jobs and their requests. Every write is one conditional step: it happens whole or not at all, and the answer to a
 * refused write says what stands there instead. A write repeated by whoever lost its answer is answered as the first
 * was: a claim id is used for one claim, and a claim for at most one of {@link #succeed}, {@link #fail} and
 * {@link #defer}.
 *
 * <p>A job is kept for {@link #KEPT_AFTER_DEADLINE} after its deadline; then it is as if it had never been. Instants are
 * kept to the millisecond.
 */
public interface JobStore {
    Duration KEPT_AFTER_DEADLINE = Duration.ofDays(30);

    /** The longest page of a listing. */
    int MAX_LIMIT = 100;

    /** Stores a new job with its request, unless a job of this id exists. */
    Creation create(Job job, JobRequest request);

    /** The job with this id, read consistently. */
    Optional<Job> find(String id);

    /**
     * The tenant's jobs, newest first.
     *
     * @param status only jobs of this status; filters after the page is read, so a page may be short and still have a
     *     cursor
     * @param limit jobs read for the page, 1 to {@link #MAX_LIMIT}
     * @param cursor from the page before
     * @throws IllegalArgumentException when the limit is out of range, or the cursor is not one of this tenant's
     */
    Page list(String tenant, @Nullable JobStatus status, int limit, @Nullable String cursor);

    /**
     * Takes the job for one worker until {@code leaseUntil}. Refused when the message is stale, the job is final, or
     * another claim's lease still runs. Taking over a claim whose lease ran out raises {@code crashes}.
     */
    Claim claim(JobMessage message, String claimId, Instant leaseUntil, Instant now);

    /**
     * Ends a claimed job as SUCCEEDED. Returns false when the claim no longer holds: nothing was written. The attempts
     * here, and in {@link #fail} and {@link #defer}, are the job's from the first on, not this claim's alone.
     */
    boolean succeed(String id, String claimId, Success success, Instant now);

    /** Ends a claimed job as {@code status}, FAILED or EXPIRED. Returns false when the claim no longer holds. */
    boolean fail(String id, String claimId, JobStatus status, JobError error, List<Attempt> attempts, Instant now);

    /**
     * Gives a claimed job back as DEFERRED, one generation on; a job that is then {@link Job#isParked parked} is due at
     * {@code notBefore}. Returns the new generation's message, or empty when the
     * claim no longer holds.
     */
    Optional<JobMessage> defer(String id, String claimId, Instant notBefore, List<Attempt> attempts, Instant now);

    /** Cancels the tenant's job. A job that is cancelled already counts as cancelled now. */
    Cancellation cancel(String id, String tenant, Instant now);

    /**
     * Ids of jobs in this shard that are due, the longest due first. Read from an index that may be late: a job may have
     * got on meanwhile, and one that has just become due may be missing.
     *
     * @param shard 0 to {@link io.breakwater.topology.Topology#DUE_SHARDS} - 1
     */
    List<String> due(int shard, Instant now, int limit);

    /**
     * Has the sweeper look at the job at {@code dueAt} and not before; nothing else changes. Does nothing when the job is
     * no longer as {@code seen}: this and the two below name its status, generation, claim and last send.
     */
    void lookAgain(Job seen, Instant dueAt);

    /**
     * Notes that the job's message is about to be sent again, for the {@code resends}-th time. Returns false when the job
     * is no longer as {@code seen}: then nothing was written, and nothing is to be sent.
     */
    boolean resend(Job seen, int resends, Instant dueAt, Instant now);

    /** Ends a job that no worker holds as {@code status}, FAILED or EXPIRED. Returns false when it is no longer so. */
    boolean abandon(Job seen, JobStatus status, JobError error, Instant now);

    /** What became of {@link #create}. */
    sealed interface Creation {
        record Created() implements Creation {}

        /** A job of this id is already there. */
        record Exists(Job job) implements Creation {}
    }

    /** What became of {@link #claim}. */
    sealed interface Claim {
        record Claimed(Job job, JobRequest request) implements Claim {}

        /** The claim is not to be had: {@code job} is what stands there, null when there is none of this id. */
        record Refused(@Nullable Job job) implements Claim {}
    }

    /** What became of {@link #cancel}. */
    sealed interface Cancellation {
        record Cancelled(Job job) implements Cancellation {}

        /** The job ended before, otherwise than by cancellation, and stays as it is. */
        record AlreadyFinal(Job job) implements Cancellation {}

        /** No such job, or not this tenant's. */
        record NotFound() implements Cancellation {}
    }

    /** One page of a listing; no cursor means that it is the last. */
    record Page(List<Job> jobs, @Nullable String cursor) {}

    /** How a job was served. */
    record Success(
            ServedBy servedBy,
            @Nullable Degradation degradation,
            Usage usage,
            StoredResult result,
            List<Attempt> attempts) {}
}
