package io.breakwater.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.job.JobStore.Cancellation;
import io.breakwater.job.JobStore.Claim;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Some workers on some jobs, one step of one of them at a time, in an order that the seed decides. Between any two steps
 * a worker can die or sleep past its lease, a message can be delivered again, an owner can cancel and the sweeper can send
 * again. After each step a
 * job that was final must be as it was, and at last every job must have been ended by one, once.
 */
final class JobLifeSimulation {
    private static final int JOBS = 4;
    private static final int WORKERS = 4;
    private static final int EVENTFUL_STEPS = 150;
    private static final int MOST_STEPS = 5_000;
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final String TENANT = "tenant";

    private final JobStore store;
    private final TestClock clock;
    private final SplittableRandom random;
    private final List<String> ids;
    private final List<JobMessage> messages = new ArrayList<>();
    private final List<Queue<Runnable>> workers =
            Stream.<Queue<Runnable>>generate(ArrayDeque::new).limit(WORKERS).toList();
    private final Map<String, Job> ended = new HashMap<>();
    private final Map<String, Set<String>> enders = new HashMap<>();
    private int claims;
    private boolean eventful = true;

    JobLifeSimulation(JobStore store, TestClock clock, String name, long seed) {
        this.store = store;
        this.clock = clock;
        this.random = new SplittableRandom(seed);
        this.ids = IntStream.range(0, JOBS)
                .mapToObj(job -> name + "-" + seed + "-" + job)
                .toList();
    }

    void run() {
        for (String id : ids) {
            JobRequest request = Jobs.request(id);
            store.create(Job.queued(id, TENANT, request, clock.instant()), request);
            messages.add(new JobMessage(id, 0));
        }
        for (int step = 0; step < MOST_STEPS && ended.size() < JOBS; step++) {
            eventful = step < EVENTFUL_STEPS;
            step();
            ids.forEach(this::checkFinal);
        }
        assertThat(ended).as("jobs that ended").containsOnlyKeys(ids);
        ended.forEach((id, job) -> assertThat(enders.get(id))
                .as("who ended %s as %s", id, job.status())
                .hasSize(1));
    }

    private void step() {
        Queue<Runnable> worker = anyOf(workers);
        int event = random.nextInt(100);
        if (eventful && event < 5) {
            worker.clear();
        } else if (eventful && event < 7) {
            cancel(anyOf(ids));
        } else if (eventful && event < 12 && !messages.isEmpty()) {
            messages.add(anyOf(messages));
        } else if (event < 15) {
            sweep(anyOf(ids));
        } else if (event < 25) {
            clock.advance(Duration.ofSeconds(random.nextInt(40)));
        } else if (!worker.isEmpty()) {
            worker.remove().run();
        } else if (!messages.isEmpty()) {
            JobMessage message = anyOf(messages);
            worker.add(() -> claim(worker, message));
        }
    }

    private void claim(Queue<Runnable> worker, JobMessage message) {
        String claimId = "claim-" + ++claims;
        switch (store.claim(message, claimId, clock.instant().plus(LEASE), clock.instant())) {
            case Claim.Claimed claimed -> {
                assertThat(ended).as("claims granted after the end").doesNotContainKey(message.jobId());
                worker.add(() -> end(worker, message, claimId));
            }
            case Claim.Refused(Job job) -> {
                if (job != null && job.status() == JobStatus.DEFERRED && job.generation() > message.generation()) {
                    worker.add(() -> messages.add(new JobMessage(job.id(), job.generation())));
                }
                worker.add(() -> messages.remove(message));
            }
        }
    }

    private void end(Queue<Runnable> worker, JobMessage message, String claimId) {
        String id = message.jobId();
        int end = random.nextInt(10);
        if (end < 6) {
            boolean written = store.succeed(id, claimId, Jobs.success(id, claimId, List.of()), clock.instant());
            endedBy(claimId, id, written);
        } else if (end < 7) {
            JobError error = new JobError("CALLER_FAULT", "too long", null);
            endedBy(claimId, id, store.fail(id, claimId, JobStatus.FAILED, error, List.of(), clock.instant()));
        } else {
            store.defer(id, claimId, clock.instant(), List.of(), clock.instant())
                    .ifPresent(next -> worker.add(() -> messages.add(next)));
        }
        worker.add(() -> messages.remove(message));
    }

    private void cancel(String id) {
        endedBy("owner", id, store.cancel(id, TENANT, clock.instant()) instanceof Cancellation.Cancelled);
    }

    /** A duplicate that is refused can take the message with it that a dying worker would have left. */
    private void sweep(String id) {
        Job job = store.find(id).orElseThrow();
        if (!job.status().isFinal()) {
            messages.add(new JobMessage(id, job.generation()));
        }
    }

    private void endedBy(String who, String id, boolean written) {
        if (written) {
            enders.computeIfAbsent(id, _ -> new TreeSet<>()).add(who);
        }
    }

    private void checkFinal(String id) {
        Job job = store.find(id).orElseThrow();
        if (job.status().isFinal()) {
            Job first = ended.putIfAbsent(id, job);
            assertThat(job).as("%s once it is final", id).isEqualTo(first == null ? job : first);
        }
    }

    private <T> T anyOf(List<T> things) {
        return things.get(random.nextInt(things.size()));
    }
}
