package io.breakwater.sweep;

import io.breakwater.job.Due;
import io.breakwater.job.Job;
import io.breakwater.job.JobError;
import io.breakwater.job.JobStatus;
import java.time.Instant;
import java.util.Optional;

/** What is to be done about a job. Depends on nothing but the job and the time. */
sealed interface Verdict {
    /** It is final, or someone else has just looked after it. */
    record Leave() implements Verdict {}

    /** It is too early: to be looked at again then. */
    record LookAgain(Instant dueAt) implements Verdict {}

    /** Its message may be lost: to be sent for the {@code resends}-th time again, and looked at again then. */
    record Resend(int resends, Instant dueAt) implements Verdict {}

    /** Its long wait is over, and no message of it is on its way. */
    record Release() implements Verdict {}

    /** Nobody will serve it any more. */
    record Abandon(JobStatus status, JobError error) implements Verdict {}

    /** What the sweeper does about the job. */
    static Verdict of(Job job, Instant now) {
        if (job.dueAt() == null || job.dueAt().isAfter(now)) {
            return new Leave();
        }
        Optional<Abandon> end = end(job, now);
        if (end.isPresent()) {
            return end.get();
        }
        Instant due = Due.at(job);
        if (due.isAfter(now)) {
            return new LookAgain(due);
        }
        return job.isParked()
                ? new Release()
                : new Resend(job.resends() + 1, dueAfterSending(job, job.resends() + 1, now));
    }

    /** Whether the job is not to be served any more; a job that a worker holds is that worker's to end. */
    static Optional<Abandon> end(Job job, Instant now) {
        if (job.status().isFinal() || job.isHeld(now)) {
            return Optional.empty();
        }
        if (!now.isBefore(job.deadline())) {
            return Optional.of(new Abandon(JobStatus.EXPIRED, JobError.EXPIRED));
        }
        return job.crashes() >= Job.MAX_CRASHES
                ? Optional.of(new Abandon(JobStatus.FAILED, JobError.crashed(job.crashes())))
                : Optional.empty();
    }

    /** When the job is to be looked at that is sent now. */
    static Instant dueAfterSending(Job job, int resends, Instant now) {
        return Due.earlier(now.plus(Due.interval(resends)), job.deadline());
    }
}
