package io.breakwater.simulation.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.job.Due;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobStatus;
import io.breakwater.job.JobStore;
import io.breakwater.job.StoredResult;
import io.breakwater.result.ResultStore;
import io.breakwater.routing.CallSettings;
import io.breakwater.simulation.Hits;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must be so of every job after every write, and at every call, send and acknowledgement. */
final class PipelineInvariants {
    /** What two clocks may differ by, each half a second off. */
    static final Duration SKEW = Duration.ofSeconds(1);

    /** From the note of a send to the send itself, stalls and all. */
    private static final Duration LONGEST_SENDING = Duration.ofMinutes(10);

    private final JobStore jobs;
    private final ResultStore results;
    private final SimulatedSqs sqs;
    private final SlotInvariants slots;
    private final InstantSource clock;
    private final Hits hits;
    private final Map<String, Job> known = new HashMap<>();
    private final Map<String, Integer> callsOfClaim = new HashMap<>();
    private final Set<String> cancelled = new HashSet<>();
    private int ended;
    private int deliveries;
    private int firstCalls;

    PipelineInvariants(
            JobStore jobs,
            ResultStore results,
            SimulatedSqs sqs,
            SlotInvariants slots,
            InstantSource clock,
            Hits hits) {
        this.jobs = jobs;
        this.results = results;
        this.sqs = sqs;
        this.slots = slots;
        this.clock = clock;
        this.hits = hits;
    }

    /** The store, with a look at the job that a request names after each of them. */
    JobStore watched() {
        return (JobStore) Proxy.newProxyInstance(
                JobStore.class.getClassLoader(), new Class<?>[] {JobStore.class}, (_, method, arguments) -> {
                    try {
                        Object answer = method.invoke(jobs, arguments);
                        named(arguments[0]).flatMap(jobs::find).ifPresent(this::check);
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause() == null ? e : e.getCause();
                    }
                });
    }

    private static Optional<String> named(Object argument) {
        return switch (argument) {
            case Job job -> Optional.of(job.id());
            case JobMessage message -> Optional.of(message.jobId());
            case String id -> Optional.of(id);
            default -> Optional.empty();
        };
    }

    /** Somebody asks for this job to be cancelled. */
    void cancelling(String id) {
        cancelled.add(id);
    }

    private void check(Job job) {
        Job before = known.put(job.id(), job);
        if (before == null) {
            hits.hit("job created");
        } else if (before.status().isFinal()) {
            assertThat(job).as("a job once it is final").isEqualTo(before);
            return;
        } else {
            checkMove(before, job);
        }
        if (job.status().isFinal()) {
            ended++;
            checkEnd(job);
        } else {
            assertThat(job.dueAt())
                    .as("when %s is looked at", job)
                    .isNotNull()
                    .isBeforeOrEqualTo(latestLook(job).plus(SKEW));
        }
    }

    private void checkMove(Job before, Job job) {
        boolean claimed = job.status() == JobStatus.RUNNING
                && job.claimId() != null
                && !job.claimId().equals(before.claimId());
        if (claimed) {
            deliveries++;
            callsOfClaim.remove(job.id());
        }
        if (claimed || job.status() != before.status()) {
            hits.hit("job " + before.status() + " → " + job.status());
            assertThat(before.status().canBecome(job.status()))
                    .as("%s becomes %s", before, job)
                    .isTrue();
        }
        if (claimed && before.leaseUntil() != null) {
            assertThat(before.leaseUntil()).as("the lease of %s", before).isBeforeOrEqualTo(now().plus(SKEW));
        }
        assertThat(job.generation() - before.generation())
                .as("generations from %s to %s", before, job)
                .isEqualTo(job.status() == JobStatus.DEFERRED && before.status() == JobStatus.RUNNING ? 1 : 0);
    }

    private void checkEnd(Job job) {
        switch (job.status()) {
            case EXPIRED ->
                assertThat(now())
                        .as("the expiry of %s", job)
                        .isAfterOrEqualTo(job.deadline().minus(SKEW));
            case CANCELLED -> assertThat(cancelled).as("asked to be cancelled").contains(job.id());
            case SUCCEEDED -> checkResult(job, job.result());
            default ->
                hits.hit("failed: " + (job.error() == null ? "" : job.error().code()));
        }
        if (job.degradation() != null) {
            hits.hit("served degraded");
        }
    }

    private void checkResult(Job job, @Nullable StoredResult result) {
        String key = ResultStore.resultKey(job.id(), String.valueOf(job.claimId()));
        assertThat(result)
                .as("the result of %s", job)
                .isNotNull()
                .extracting(StoredResult::key)
                .isEqualTo(key);
        try {
            results.get(key);
        } catch (NoSuchElementException e) {
            throw new AssertionError("SUCCEEDED, but its result is not stored: " + job, e);
        }
    }

    private static Instant latestLook(Job job) {
        Instant latest = Due.latestLook(job);
        return latest.isAfter(job.deadline()) ? latest : job.deadline();
    }

    /** A model is asked for the job's answer, under this claim: it holds, or did when the job was cancelled. */
    void called(String id, String claimId) {
        Job job = job(id);
        assertThat(job.claimId())
                .as("the claim of %s, for which there is a call", job)
                .isEqualTo(claimId);
        assertThat(job.status()).as("%s, for which there is a call", job).isIn(JobStatus.RUNNING, JobStatus.CANCELLED);
        slots.called(job.tenant(), claimId);
        assertThat(now()).as("a call for %s", job).isBefore(job.deadline().plus(SKEW));
        int calls = callsOfClaim.merge(id, 1, Integer::sum);
        firstCalls += calls == 1 ? 1 : 0;
        assertThat(calls)
                .as("calls of one delivery of %s", job)
                .isLessThanOrEqualTo(CallSettings.DEFAULTS.maximumPerDelivery());
    }

    /** A message has served its purpose, without any trouble: what is to follow it must be on its way. */
    void served(JobMessage message, String claimId) {
        Job job = known.get(message.jobId());
        if (job != null) {
            slots.ended(job.tenant(), claimId);
        }
        if (job != null
                && job.status() == JobStatus.DEFERRED
                && job.generation() == message.generation() + 1
                && !job.isParked()) {
            assertThat(sqs.hasTaken(job.id(), job.generation()))
                    .as("the next message of %s is sent before this one is acknowledged", job)
                    .isTrue();
        }
    }

    /** The sweeper sends a job: it must be noted, or the next run sends it again, and the next. */
    void sentBySweeper(JobMessage message) {
        hits.hit("sent by the sweeper");
        Job job = job(message.jobId());
        assertThat(job.sentAt()).as("the last send of %s, which is sent", job).isAfter(now().minus(LONGEST_SENDING));
    }

    private Instant now() {
        return clock.instant();
    }

    private Job job(String id) {
        return jobs.find(id).orElseThrow();
    }

    /** All jobs that there are, as they stand. */
    Collection<Job> jobs() {
        return known.values();
    }

    boolean knows(String id) {
        return known.containsKey(id);
    }

    boolean allEnded() {
        return ended == known.size();
    }

    /** Deliveries for which a model was called. */
    int firstCalls() {
        return firstCalls;
    }

    /** Claims of jobs so far. */
    int deliveries() {
        return deliveries;
    }
}
