package io.breakwater.sweep;

import io.breakwater.job.Due;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobQueue;
import io.breakwater.job.JobStatus;
import io.breakwater.job.JobStore;
import io.breakwater.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after jobs that are due: sends again what may be lost, releases what has waited long, ends what has passed its
 * deadline.
 *
 * <p>Any number may run at once, and any may die anywhere. What is to be sent is noted in the job first, by one write
 * that names the job as it was seen: so of several sweepers one sends, and one that dies between note and send costs the
 * job that interval, no more. A message too many does nothing.
 */
public final class Sweeper {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

    private final JobStore jobs;
    private final JobQueue queue;
    private final SweepLimits limits;
    private final InstantSource clock;
    private final RandomGenerator random;

    public Sweeper(JobStore jobs, JobQueue queue, SweepLimits limits, InstantSource clock, RandomGenerator random) {
        this.jobs = jobs;
        this.queue = queue;
        this.limits = limits;
        this.clock = clock;
        this.random = random;
    }

    /** Looks after what is due, until all is done, the limits are reached or the time is over. */
    public SweepReport sweepUntil(Instant end) {
        Run run = new Run(end);
        int first = random.nextInt(Topology.DUE_SHARDS);
        for (int shard = 0; shard < Topology.DUE_SHARDS; shard++) {
            run.sweep((first + shard) % Topology.DUE_SHARDS);
        }
        return run.report();
    }

    /** One run, and its counts. */
    private final class Run {
        private final Instant end;
        private int looked;
        private int resent;
        private int released;
        private int putOff;
        private int expired;
        private int failed;
        private int errors;

        private Run(Instant end) {
            this.end = end;
        }

        private void sweep(int shard) {
            for (String id : jobs.due(shard, clock.instant(), limits.looks())) {
                if (!clock.instant().isBefore(end)) {
                    return;
                }
                looked++;
                try {
                    jobs.find(id).ifPresent(this::lookAfter);
                } catch (RuntimeException e) {
                    errors++;
                    LOG.error("job {} could not be looked after", id, e);
                }
            }
        }

        private void lookAfter(Job job) {
            Instant now = clock.instant();
            switch (Verdict.of(job, now)) {
                case Verdict.Leave() -> {}
                case Verdict.LookAgain(Instant dueAt) -> jobs.lookAgain(job, dueAt);
                case Verdict.Resend resend -> resend(job, resend, now);
                case Verdict.Release() when released >= limits.releases() -> putOff(job, now);
                case Verdict.Release() -> release(job, now);
                case Verdict.Abandon abandon -> abandon(job, abandon, now);
            }
        }

        private void resend(Job job, Verdict.Resend resend, Instant now) {
            if (jobs.resend(job, resend.resends(), resend.dueAt(), now)) {
                LOG.warn("job {}, {} since {}, is sent again ({})", job.id(), job.status(), job.updatedAt(), resend);
                queue.send(JobMessage.of(job), job.tenant(), Duration.ZERO);
                resent++;
            }
        }

        private void release(Job job, Instant now) {
            if (jobs.resend(job, 0, Verdict.dueAfterSending(job, 0, now), now)) {
                queue.send(JobMessage.of(job), job.tenant(), upTo(limits.scatter()));
                released++;
            }
        }

        private void putOff(Job job, Instant now) {
            Instant dueAt = now.plus(limits.scatter()).plus(upTo(limits.putOff()));
            jobs.lookAgain(job, Due.earlier(dueAt, job.deadline()));
            putOff++;
        }

        private void abandon(Job job, Verdict.Abandon abandon, Instant now) {
            if (jobs.abandon(job, abandon.status(), abandon.error(), now)) {
                LOG.info(
                        "job {} is {}: {}",
                        job.id(),
                        abandon.status(),
                        abandon.error().message());
                expired += abandon.status() == JobStatus.EXPIRED ? 1 : 0;
                failed += abandon.status() == JobStatus.FAILED ? 1 : 0;
            }
        }

        private Duration upTo(Duration most) {
            return Duration.ofMillis(random.nextLong(most.toMillis() + 1));
        }

        private SweepReport report() {
            return new SweepReport(looked, resent, released, putOff, expired, failed, errors);
        }
    }
}
