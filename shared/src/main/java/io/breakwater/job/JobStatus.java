package io.breakwater.job;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Where a job is in its life. */
public enum JobStatus {
    /** Accepted; no worker has it yet. */
    QUEUED,
    /** A worker holds the claim. */
    RUNNING,
    /** No endpoint would take it; waits until {@code notBefore}. */
    DEFERRED,
    /** The result is in S3. */
    SUCCEEDED,
    /** It cannot be served; {@code error} says why. */
    FAILED,
    /** Its deadline passed before it was served. */
    EXPIRED,
    /** Its owner cancelled it. */
    CANCELLED;

    /**
     * Every legal transition; anything else is refused. RUNNING → RUNNING is a claim taken over after its lease ran out.
     */
    private static final Map<JobStatus, Set<JobStatus>> NEXT = Map.of(
            QUEUED, EnumSet.of(RUNNING, FAILED, EXPIRED, CANCELLED),
            RUNNING, EnumSet.of(RUNNING, DEFERRED, SUCCEEDED, FAILED, EXPIRED, CANCELLED),
            DEFERRED, EnumSet.of(RUNNING, FAILED, EXPIRED, CANCELLED),
            SUCCEEDED, EnumSet.noneOf(JobStatus.class),
            FAILED, EnumSet.noneOf(JobStatus.class),
            EXPIRED, EnumSet.noneOf(JobStatus.class),
            CANCELLED, EnumSet.noneOf(JobStatus.class));

    public boolean canBecome(JobStatus next) {
        return next(this).contains(next);
    }

    /** A final status never changes again. */
    public boolean isFinal() {
        return next(this).isEmpty();
    }

    private static Set<JobStatus> next(JobStatus status) {
        return NEXT.getOrDefault(status, Set.of());
    }
}
