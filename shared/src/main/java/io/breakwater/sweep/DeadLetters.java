package io.breakwater.sweep;

import io.breakwater.job.Due;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobQueue;
import io.breakwater.job.JobStatus;
import io.breakwater.job.JobStore;
import io.breakwater.json.Json;
import io.breakwater.result.ResultStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides on messages that were delivered in vain too often. A job that can still be served is sent again; one that
 * cannot is ended; a message that names no job is kept where an operator finds it.
 *
 * <p>It may die anywhere: the message is then delivered again, and a second answer to it does no harm.
 */
public final class DeadLetters {
    /** So that what fails at once does not go round in circles. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final JobStore jobs;
    private final JobQueue queue;
    private final ResultStore objects;
    private final InstantSource clock;

    public DeadLetters(JobStore jobs, JobQueue queue, ResultStore objects, InstantSource clock) {
        this.jobs = jobs;
        this.queue = queue;
        this.objects = objects;
        this.clock = clock;
    }

    /** What became of a message. */
    public enum Fate {
        /** Its job goes on, under a fresh message. */
        RESENT,
        /** Its job was ended: its deadline had passed. */
        EXPIRED,
        /** Its job was ended: workers died with it. */
        ABANDONED,
        /** Its job needs no message: it is final, a worker holds it, or the sweeper will release it. */
        DROPPED,
        /** It names no job and was kept. */
        KEPT
    }

    /**
     * Decides on one message.
     *
     * @param messageId names it in the queue
     * @throws RuntimeException when it should be delivered again
     */
    public Fate handle(String messageId, String body) {
        try {
            String id = JobMessage.parse(body).jobId();
            Optional<Job> job = jobs.find(id);
            return job.isPresent() ? decide(job.get()) : keep(messageId, body, "there is no job " + id);
        } catch (IllegalArgumentException e) {
            return keep(messageId, body, String.valueOf(e.getMessage()));
        }
    }

    private Fate decide(Job job) {
        Instant now = clock.instant();
        Optional<Verdict.Abandon> end = Verdict.end(job, now);
        if (end.isPresent()) {
            return abandon(job, end.get(), now);
        }
        if (job.status().isFinal() || job.isHeld(now) || job.isParked()) {
            LOG.info("job {} is {}, its dead letter is dropped", job.id(), job.status());
            return Fate.DROPPED;
        }
        LOG.warn("job {} is {}, its message was delivered in vain and is sent again", job.id(), job.status());
        queue.send(JobMessage.of(job), job.tenant(), untilReady(job, now));
        return Fate.RESENT;
    }

    private static Duration untilReady(Job job, Instant now) {
        Instant ready = now.plus(PAUSE);
        if (job.notBefore() != null && job.notBefore().isAfter(ready)) {
            ready = Due.earlier(job.notBefore(), now.plus(JobQueue.MAX_DELAY));
        }
        return Duration.between(now, ready);
    }

    private Fate abandon(Job job, Verdict.Abandon abandon, Instant now) {
        if (!jobs.abandon(job, abandon.status(), abandon.error(), now)) {
            throw new IllegalStateException("job " + job.id() + " has changed meanwhile");
        }
        LOG.info("job {} is {}: {}", job.id(), abandon.status(), abandon.error().message());
        return abandon.status() == JobStatus.EXPIRED ? Fate.EXPIRED : Fate.ABANDONED;
    }

    private Fate keep(String messageId, String body, String reason) {
        String key = ResultStore.poisonKey(messageId);
        objects.put(key, Json.write(new Poison(messageId, body, reason, clock.instant())));
        LOG.error("message {} names no job and is kept as {}: {}", messageId, key, reason);
        return Fate.KEPT;
    }

    /** What is kept of a message that names no job. */
    private record Poison(String messageId, String body, String reason, Instant keptAt) {}
}
