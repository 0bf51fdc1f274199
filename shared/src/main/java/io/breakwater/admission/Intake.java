package io.breakwater.admission;

import io.breakwater.job.Job;
import io.breakwater.job.JobIds;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobQueue;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobStatus;
import io.breakwater.job.JobStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes jobs in: each is stored before its message is sent, so that one whose message is lost is found and sent later.
 *
 * <p>Any number may take in the same job at once, and any may die anywhere: a client that had no answer repeats its
 * request under the same key, and has one job of it.
 */
public final class Intake {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private final JobStore jobs;
    private final JobQueue queue;
    private final AdmissionControl admission;
    private final InstantSource clock;
    private final Supplier<String> ids;

    /**
     * Wires an intake.
     *
     * @param ids names jobs that come without a key: a new id with each call
     */
    public Intake(
            JobStore jobs, JobQueue queue, AdmissionControl admission, InstantSource clock, Supplier<String> ids) {
        this.jobs = jobs;
        this.queue = queue;
        this.admission = admission;
        this.clock = clock;
        this.ids = ids;
    }

    /** What became of a submission. */
    public sealed interface Answer {
        /** The job is there, now or from an earlier time, and its message was sent. */
        record Accepted(Job job) implements Answer {}

        /** The job is there, but its message may not have been sent: the sweeper sends it. */
        record Stored(Job job) implements Answer {}

        /** The key came with another request before; nothing was changed. */
        record KeyReused() implements Answer {}

        /** It is not taken in now. */
        record Refused(Refusal refusal) implements Answer {}
    }

    /** Takes in a job that is never repeated. */
    public Answer submit(String tenant, JobRequest request) {
        Job job = newJob(ids.get(), tenant, request);
        return admission.refusal(request).<Answer>map(Answer.Refused::new).orElseGet(() -> create(job, request));
    }

    /** Takes in the tenant's job of this key, however often it comes. */
    public Answer submit(String tenant, String idempotencyKey, JobRequest request) {
        Job job = newJob(JobIds.keyed(tenant, idempotencyKey), tenant, request);
        Optional<Refusal> refusal = admission.refusal(request);
        if (refusal.isEmpty()) {
            return create(job, request);
        }
        // What was accepted once stays accepted, so its repeat is too.
        return jobs.find(job.id())
                .map(existing -> repeat(existing, job))
                .orElseGet(() -> new Answer.Refused(refusal.get()));
    }

    private Job newJob(String id, String tenant, JobRequest request) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return Job.queued(id, tenant, request, now);
    }

    private Answer create(Job job, JobRequest request) {
        return switch (jobs.create(job, request)) {
            case JobStore.Creation.Created() -> send(job);
            case JobStore.Creation.Exists(Job existing) -> repeat(existing, job);
        };
    }

    private Answer repeat(Job existing, Job job) {
        if (!existing.bodyHash().equals(job.bodyHash())) {
            return new Answer.KeyReused();
        }
        // Nobody can tell whether its message was sent; a second one does no harm.
        return existing.status() == JobStatus.QUEUED ? send(existing) : new Answer.Accepted(existing);
    }

    private Answer send(Job job) {
        try {
            queue.send(new JobMessage(job.id(), job.generation()), job.tenant(), Duration.ZERO);
            return new Answer.Accepted(job);
        } catch (RuntimeException e) {
            LOG.warn("job {} is stored, but its message may not have been sent", job.id(), e);
            return new Answer.Stored(job);
        }
    }
}
