package io.breakwater.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * When something is to be done about a job that is not final, should nothing happen to it before.
 *
 * <p>SQS cannot say whether a message is still alive: one that waits in a long queue looks like one that was lost. So a
 * job is given time, and twice as much with each message that is sent again.
 */
public final class Due {
    private static final Duration FIRST_INTERVAL = Duration.ofMinutes(15);
    private static final int MAX_DOUBLINGS = 4;

    private Due() {}

    /** When the sweeper is to act on the job; a job that is final never is. */
    public static Instant at(Job job) {
        return switch (job.status()) {
            case QUEUED -> earlier(job.sentAt().plus(interval(job.resends())), job.deadline());
            case DEFERRED -> earlier(deferred(job), job.deadline());
            case RUNNING -> running(job);
            case SUCCEEDED, FAILED, EXPIRED, CANCELLED -> Instant.MAX;
        };
    }

    private static Instant deferred(Job job) {
        Instant notBefore = Objects.requireNonNullElse(job.notBefore(), job.sentAt());
        return job.isParked() ? notBefore : later(notBefore, job.sentAt()).plus(interval(job.resends()));
    }

    /** Its deadline does not take a job from the worker that holds it. */
    private static Instant running(Job job) {
        Instant leaseEnd = Objects.requireNonNullElse(job.leaseUntil(), job.sentAt());
        return job.resends() == 0
                ? leaseEnd
                : later(leaseEnd, earlier(job.sentAt().plus(interval(job.resends())), job.deadline()));
    }

    /**
     * When the sweeper must have looked at the job. Its {@code dueAt} is no later than this, and may be as early as it
     * likes: so a job that gets on is not moved in the index of what is due by every step it takes.
     */
    public static Instant latestLook(Job job) {
        return at(job).plus(FIRST_INTERVAL);
    }

    /** How long a message may take after so many that were sent again. */
    public static Duration interval(int resends) {
        return FIRST_INTERVAL.multipliedBy(1L << Math.min(resends, MAX_DOUBLINGS));
    }

    public static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
