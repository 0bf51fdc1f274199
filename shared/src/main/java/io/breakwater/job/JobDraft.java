package io.breakwater.job;

import io.breakwater.model.Usage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job being changed: a copy whose parts can be set. */
final class JobDraft {
    private final Job job;
    JobStatus status;
    Instant updatedAt;
    int generation;
    int crashes;

    @Nullable
    String claimId;

    @Nullable
    Instant leaseUntil;

    Instant sentAt;
    int resends;

    @Nullable
    Instant dueAt;

    List<Attempt> attempts;

    @Nullable
    ServedBy servedBy;

    @Nullable
    Degradation degradation;

    @Nullable
    Usage usage;

    @Nullable
    Instant notBefore;

    @Nullable
    StoredResult result;

    @Nullable
    JobError error;

    JobDraft(Job job) {
        this.job = job;
        status = job.status();
        updatedAt = job.updatedAt();
        generation = job.generation();
        crashes = job.crashes();
        claimId = job.claimId();
        leaseUntil = job.leaseUntil();
        sentAt = job.sentAt();
        resends = job.resends();
        dueAt = job.dueAt();
        attempts = job.attempts();
        servedBy = job.servedBy();
        degradation = job.degradation();
        usage = job.usage();
        notBefore = job.notBefore();
        result = job.result();
        error = job.error();
    }

    /** The job as a store keeps it, with instants to the millisecond. */
    Job toJob() {
        return new Job(
                job.id(),
                job.tenant(),
                status,
                millis(job.createdAt()),
                millis(updatedAt),
                millis(job.deadline()),
                generation,
                crashes,
                claimId,
                leaseUntil == null ? null : millis(leaseUntil),
                millis(sentAt),
                resends,
                dueAt == null ? null : millis(dueAt),
                job.bodyHash(),
                attempts,
                servedBy,
                degradation,
                usage,
                notBefore == null ? null : millis(notBefore),
                result,
                error,
                job.metadata());
    }

    private static Instant millis(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }
}
