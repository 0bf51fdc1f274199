package io.breakwater.worker;

import io.breakwater.job.Attempt;
import io.breakwater.job.Job;
import io.breakwater.job.JobError;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobQueue;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobRequest.WhenUnavailable;
import io.breakwater.job.JobStatus;
import io.breakwater.job.JobStore;
import io.breakwater.job.StoredResult;
import io.breakwater.result.ResultStore;
import io.breakwater.routing.Router;
import io.breakwater.routing.Routing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves delivered jobs: claims one, routes it, stores the answer and ends it, or gives it back for later.
 *
 * <p>A result is in the store before its job says SUCCEEDED. A job that no endpoint takes is deferred under a new
 * generation, so waiting costs none of its message's deliveries. What goes wrong after the claim gives the job back,
 * too; if even that fails, its lease runs out and its message is delivered again.
 */
public final class JobWorker {
    /** Kept of an invocation's time to store a result. */
    private static final Duration STORING_TIME = Duration.ofSeconds(5);

    /** From the end of the invocation to the end of the lease: no worker writes under a lease that has run out. */
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(5);

    /** Claims that ended in a crash after which the job is taken to be the cause. */
    private static final int MAX_CRASHES = 3;

    private static final Duration FIRST_DEFERRAL = Duration.ofSeconds(5);
    private static final Duration AFTER_ERROR = Duration.ofSeconds(10);
    private static final double JITTER = 0.2;

    private static final Logger LOG = LoggerFactory.getLogger(JobWorker.class);

    private final JobStore jobs;
    private final JobQueue queue;
    private final ResultStore results;
    private final Router router;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Supplier<String> claimIds;

    /**
     * Wires a worker.
     *
     * @param claimIds a new id with each call, unique in the fleet
     */
    public JobWorker(
            JobStore jobs,
            JobQueue queue,
            ResultStore results,
            Router router,
            InstantSource clock,
            RandomGenerator random,
            Supplier<String> claimIds) {
        this.jobs = jobs;
        this.queue = queue;
        this.results = results;
        this.router = router;
        this.clock = clock;
        this.random = random;
        this.claimIds = claimIds;
    }

    /**
     * Does what the message asks. When this returns, the message has served its purpose.
     *
     * @param invocationEnd when this must be over
     * @throws NoSuchElementException when there is no such job
     * @throws RuntimeException when the message should be delivered again
     */
    public void work(JobMessage message, Instant invocationEnd) {
        String claimId = claimIds.get();
        switch (jobs.claim(message, claimId, invocationEnd.plus(LEASE_MARGIN), clock.instant())) {
            case JobStore.Claim.Refused(Job found)
            when found == null -> throw new NoSuchElementException("there is no job " + message.jobId());
            case JobStore.Claim.Refused(Job found) -> onRefused(message, found);
            case JobStore.Claim.Claimed(Job job, JobRequest request) ->
                new Work(job, request, claimId).runUntil(invocationEnd.minus(STORING_TIME));
        }
    }

    /** A worker may have died between deferring a job and sending its new message: then this sends it. */
    private void onRefused(JobMessage message, Job found) {
        if (found.status() == JobStatus.DEFERRED && found.generation() == message.generation() + 1) {
            send(found.tenant(), new JobMessage(found.id(), found.generation()), notBefore(found));
        } else {
            LOG.info(
                    "job {} is {}, message of generation {} dropped", found.id(), found.status(), message.generation());
        }
    }

    private Instant notBefore(Job job) {
        return job.notBefore() == null ? clock.instant() : job.notBefore();
    }

    private void send(String tenant, JobMessage message, Instant notBefore) {
        Duration delay = Duration.between(clock.instant(), notBefore);
        queue.send(message, tenant, delay.isNegative() ? Duration.ZERO : shorter(delay, JobQueue.MAX_DELAY));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** One claimed job. */
    private final class Work {
        private final Job job;
        private final JobRequest request;
        private final String claimId;

        private Work(Job job, JobRequest request, String claimId) {
            this.job = job;
            this.request = request;
            this.claimId = claimId;
        }

        private void runUntil(Instant deadline) {
            if (!clock.instant().isBefore(job.deadline())) {
                end(
                        JobStatus.EXPIRED,
                        new JobError("EXPIRED", "its deadline passed before it was served", null),
                        List.of());
            } else if (job.crashes() >= MAX_CRASHES) {
                String message = job.crashes() + " workers died while they had this job";
                end(JobStatus.FAILED, new JobError("CRASHED", message, null), List.of());
            } else {
                serveOrGiveBack(deadline);
            }
        }

        private void serveOrGiveBack(Instant deadline) {
            try {
                finish(router.route(request, deadline));
            } catch (RuntimeException e) {
                LOG.error("job {} is given back after an error", job.id(), e);
                // An interrupted thread makes no store call.
                boolean interrupted = Thread.interrupted();
                defer(clock.instant().plus(AFTER_ERROR), List.of());
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private void finish(Routing routing) {
            switch (routing) {
                case Routing.Served served -> succeed(served);
                case Routing.Rejected rejected ->
                    end(
                            JobStatus.FAILED,
                            new JobError(
                                    rejected.failure().kind().name(),
                                    rejected.failure().message(),
                                    null),
                            rejected.attempts());
                case Routing.Unavailable unavailable
                when request.whenUnavailable() == WhenUnavailable.FAIL ->
                    end(JobStatus.FAILED, unavailable(unavailable), unavailable.attempts());
                case Routing.Unavailable unavailable -> defer(unavailable.retryAt(), unavailable.attempts());
            }
        }

        private void succeed(Routing.Served served) {
            String key = ResultStore.resultKey(job.id(), claimId);
            String text = served.reply().text();
            results.put(key, text);
            StoredResult result = new StoredResult(
                    key,
                    ResultStore.RESULT_CONTENT_TYPE,
                    text.getBytes(StandardCharsets.UTF_8).length,
                    served.reply().stopReason());
            JobStore.Success success = new JobStore.Success(
                    served.servedBy(),
                    served.degradation(),
                    served.reply().usage(),
                    result,
                    withEarlier(served.attempts()));
            logIfLost(jobs.succeed(job.id(), claimId, success, clock.instant()));
        }

        private void end(JobStatus status, JobError error, List<Attempt> attempts) {
            logIfLost(jobs.fail(job.id(), claimId, status, error, withEarlier(attempts), clock.instant()));
        }

        /** The job's attempts of all its deliveries, these last. */
        private List<Attempt> withEarlier(List<Attempt> attempts) {
            return Stream.concat(job.attempts().stream(), attempts.stream()).toList();
        }

        private void logIfLost(boolean written) {
            if (!written) {
                LOG.info("job {} ended otherwise while claim {} worked on it", job.id(), claimId);
            }
        }

        private JobError unavailable(Routing.Unavailable unavailable) {
            long seconds = Math.max(
                    1, Duration.between(clock.instant(), unavailable.retryAt()).toSeconds());
            return new JobError("UNAVAILABLE", "no endpoint would take it: " + unavailable.detail(), seconds);
        }

        private void defer(Instant retryAt, List<Attempt> attempts) {
            Instant notBefore = deferredUntil(retryAt);
            jobs.defer(job.id(), claimId, notBefore, withEarlier(attempts), clock.instant())
                    .ifPresent(next -> send(job.tenant(), next, notBefore));
        }

        /** Not before {@code retryAt}, later with each deferral, scattered; never past the deadline nor a message's delay. */
        private Instant deferredUntil(Instant retryAt) {
            Instant now = clock.instant();
            Duration grown = FIRST_DEFERRAL.multipliedBy(1L << Math.min(job.generation(), 8));
            Duration asked = Duration.between(now, retryAt);
            Duration wait = asked.compareTo(grown) > 0 ? asked : grown;
            Duration scattered = wait.plusMillis(Math.round(wait.toMillis() * JITTER * random.nextDouble()));
            Instant notBefore = now.plus(shorter(scattered, JobQueue.MAX_DELAY));
            return notBefore.isBefore(job.deadline()) ? notBefore : job.deadline();
        }
    }
}
