package io.breakwater.worker;

import io.breakwater.job.Attempt;
import io.breakwater.job.Due;
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
import io.breakwater.tenant.SlotKeeper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves delivered jobs: claims one, routes it, stores the answer and ends it, or gives it back for later.
 *
 * <p>A result is in the store before its job says SUCCEEDED. A job that no endpoint takes is deferred under a new
 * generation, so waiting costs none of its message's deliveries. What goes wrong after the claim gives the job back,
 * too. What a store fails is tried again ({@link Patience}); if all that fails, the lease runs out and the job is sent
 * again.
 *
 * <p>A job with which a worker died before is a suspect, served only when its message says so: the caller sees to it
 * that such a message comes last and alone. A job found out only by its claim is given back under a message that does.
 *
 * <p>A tenant can have a limit of jobs in flight: one over it is deferred until its turn, before anything is called.
 */
public final class JobWorker {
    /** Kept of an invocation's time to store a result. */
    private static final Duration STORING_TIME = Duration.ofSeconds(5);

    /** From the end of the invocation to the end of the lease: no worker writes under a lease that has run out. */
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(5);

    private static final Duration FIRST_DEFERRAL = Duration.ofSeconds(5);
    private static final Duration AFTER_ERROR = Duration.ofSeconds(10);

    /** Of waits that grow with each deferral: with jitter still within a message's delay. */
    private static final Duration LONGEST_OWN_WAIT = Duration.ofMinutes(12);

    /** Of any wait: what an operator has put right should not stay unheard by jobs for longer. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private static final double JITTER = 0.2;

    private static final Logger LOG = LoggerFactory.getLogger(JobWorker.class);

    private final JobStore jobs;
    private final JobQueue queue;
    private final ResultStore results;
    private final Router router;
    private final SlotKeeper slots;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Patience patience;
    private final Supplier<String> claimIds;
    private final Consumer<Job> claimed;

    /**
     * Wires a worker.
     *
     * @param pause between two attempts at what a store failed
     * @param claimIds a new id with each call, unique in the fleet
     * @param claimed hears of each job that was claimed, before it is worked on
     */
    public JobWorker(
            JobStore jobs,
            JobQueue queue,
            ResultStore results,
            Router router,
            SlotKeeper slots,
            InstantSource clock,
            RandomGenerator random,
            Pause pause,
            Supplier<String> claimIds,
            Consumer<Job> claimed) {
        this.jobs = jobs;
        this.queue = queue;
        this.results = results;
        this.router = router;
        this.slots = slots;
        this.clock = clock;
        this.random = random;
        this.patience = new Patience(clock, random, pause);
        this.claimIds = claimIds;
        this.claimed = claimed;
    }

    /**
     * Does what the message asks. When this returns, the message has served its purpose.
     *
     * @param invocationEnd when this must be over
     * @return how the job ended, when this ended it
     * @throws NoSuchElementException when there is no such job
     * @throws RuntimeException when the message should be delivered again
     */
    public Optional<JobEnd> work(JobMessage message, Instant invocationEnd) {
        String claimId = claimIds.get();
        Instant leaseUntil = invocationEnd.plus(LEASE_MARGIN);
        Instant servingEnd = invocationEnd.minus(STORING_TIME);
        return switch (patience.get(servingEnd, () -> jobs.claim(message, claimId, leaseUntil, clock.instant()))) {
            case JobStore.Claim.Refused(Job found)
            when found == null -> throw new NoSuchElementException("there is no job " + message.jobId());
            case JobStore.Claim.Refused(Job found) -> {
                onRefused(message, found);
                yield Optional.empty();
            }
            case JobStore.Claim.Claimed(Job job, JobRequest request) -> {
                claimed.accept(job);
                Work work = new Work(job, request, claimId, leaseUntil, invocationEnd, message.suspect());
                work.runUntil(servingEnd);
                yield Optional.ofNullable(work.end);
            }
        };
    }

    /** A worker may have died between deferring a job and sending its new message: then this sends it. */
    private void onRefused(JobMessage message, Job found) {
        if (found.status() == JobStatus.DEFERRED
                && found.generation() == message.generation() + 1
                && !found.isParked()) {
            send(found.tenant(), JobMessage.of(found), notBefore(found));
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
        private final Instant leaseUntil;
        private final Instant invocationEnd;
        private final boolean alone;
        private @Nullable JobEnd end;

        private Work(
                Job job, JobRequest request, String claimId, Instant leaseUntil, Instant invocationEnd, boolean alone) {
            this.job = job;
            this.request = request;
            this.claimId = claimId;
            this.leaseUntil = leaseUntil;
            this.invocationEnd = invocationEnd;
            this.alone = alone;
        }

        private void runUntil(Instant deadline) {
            if (!clock.instant().isBefore(job.deadline())) {
                end(JobStatus.EXPIRED, JobError.EXPIRED, List.of());
            } else if (job.crashes() >= Job.MAX_CRASHES) {
                end(JobStatus.FAILED, JobError.crashed(job.crashes()), List.of());
            } else if (job.crashes() > 0 && !alone) {
                LOG.warn(
                        "job {} is put off until it can be served alone: {} workers died with it",
                        job.id(),
                        job.crashes());
                deferUntil(clock.instant(), List.of());
            } else {
                serveWithinLimit(deadline);
            }
        }

        private void serveWithinLimit(Instant deadline) {
            Optional<Instant> fullUntil = slots.take(job.tenant(), claimId, leaseUntil, job.generation() > 0);
            if (fullUntil.isPresent()) {
                deferUntil(Due.earlier(fullUntil.get(), job.deadline()), List.of());
                return;
            }
            try {
                serveOrGiveBack(deadline);
            } finally {
                slots.give(job.tenant(), claimId);
            }
        }

        private void serveOrGiveBack(Instant deadline) {
            try {
                beLookedAfter();
                finish(router.route(request, job.deadline(), deadline));
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

        /** A job that waited long in the queue is next looked at late; now a worker has it, which can die. */
        private void beLookedAfter() {
            Instant latest = Due.latestLook(job);
            if (job.dueAt() != null && job.dueAt().isAfter(latest)) {
                jobs.lookAgain(job, latest);
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
                when !clock.instant().isBefore(job.deadline()) ->
                    end(JobStatus.EXPIRED, JobError.EXPIRED, unavailable.attempts());
                case Routing.Unavailable unavailable
                when request.whenUnavailable() == WhenUnavailable.FAIL && !unavailable.budgetUsedUp() ->
                    end(JobStatus.FAILED, unavailable(unavailable), unavailable.attempts());
                case Routing.Unavailable unavailable -> defer(unavailable.retryAt(), unavailable.attempts());
            }
        }

        private void succeed(Routing.Served served) {
            String key = ResultStore.resultKey(job.id(), claimId);
            String text = served.reply().text();
            patience.run(invocationEnd, () -> results.put(key, text));
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
            ended(
                    patience.get(invocationEnd, () -> jobs.succeed(job.id(), claimId, success, clock.instant())),
                    JobEnd.served(served.servedBy().tier()));
        }

        private void end(JobStatus status, JobError error, List<Attempt> attempts) {
            List<Attempt> all = withEarlier(attempts);
            ended(
                    patience.get(
                            invocationEnd, () -> jobs.fail(job.id(), claimId, status, error, all, clock.instant())),
                    new JobEnd(status, null, error.code()));
        }

        /** The job's attempts of all its deliveries, these last. */
        private List<Attempt> withEarlier(List<Attempt> attempts) {
            return Stream.concat(job.attempts().stream(), attempts.stream()).toList();
        }

        private void ended(boolean written, JobEnd how) {
            if (written) {
                end = how;
            } else {
                LOG.info("job {} ended otherwise while claim {} worked on it", job.id(), claimId);
            }
        }

        private JobError unavailable(Routing.Unavailable unavailable) {
            long seconds = Math.max(
                    1, Duration.between(clock.instant(), unavailable.retryAt()).toSeconds());
            return new JobError("UNAVAILABLE", "no endpoint would take it: " + unavailable.detail(), seconds);
        }

        private void defer(Instant retryAt, List<Attempt> attempts) {
            deferUntil(waitFrom(clock.instant(), retryAt), attempts);
        }

        private void deferUntil(Instant notBefore, List<Attempt> attempts) {
            Instant now = clock.instant();
            List<Attempt> all = withEarlier(attempts);
            patience.get(invocationEnd, () -> jobs.defer(job.id(), claimId, notBefore, all, now))
                    .filter(_ -> !Job.isParked(now, notBefore))
                    .ifPresent(next -> patience.run(invocationEnd, () -> send(job.tenant(), next, notBefore)));
        }

        /** Not before {@code retryAt}, later with each deferral, scattered; never past the deadline. */
        private Instant waitFrom(Instant now, Instant retryAt) {
            Duration grown =
                    shorter(FIRST_DEFERRAL.multipliedBy(1L << Math.min(job.generation(), 8)), LONGEST_OWN_WAIT);
            Duration asked = shorter(Duration.between(now, retryAt), LONGEST_WAIT);
            Duration wait = asked.compareTo(grown) > 0 ? asked : grown;
            Duration scattered = wait.plusMillis(Math.round(wait.toMillis() * JITTER * random.nextDouble()));
            return Due.earlier(now.plus(scattered), job.deadline());
        }
    }
}
