package io.breakwater.job;

import io.breakwater.topology.Topology;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A job store in memory, for tests and simulation. Thread-safe; it passes the same contract tests as DynamoDB's. */
public final class InMemoryJobStore implements JobStore {
    private final InstantSource clock;
    private final Map<String, Job> jobs = new HashMap<>();
    private final Map<String, JobRequest> requests = new HashMap<>();
    private final List<NavigableSet<DueJob>> dueByShard = Stream.<NavigableSet<DueJob>>generate(TreeSet::new)
            .limit(Topology.DUE_SHARDS)
            .toList();

    /** An empty store; the clock judges which jobs are expired. */
    public InMemoryJobStore(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Creation create(Job job, JobRequest request) {
        Optional<Job> found = find(job.id());
        if (found.isPresent()) {
            return isSame(found.get(), job) ? new Creation.Created() : new Creation.Exists(found.get());
        }
        put(new JobDraft(job).toJob());
        requests.put(job.id(), request);
        return new Creation.Created();
    }

    /** As where a create is repeated because its answer was lost. */
    private static boolean isSame(Job found, Job job) {
        return found.bodyHash().equals(job.bodyHash())
                && found.createdAt().toEpochMilli() == job.createdAt().toEpochMilli();
    }

    @Override
    public synchronized Optional<Job> find(String id) {
        return Optional.ofNullable(jobs.get(id)).filter(job -> isKept(job, clock.instant()));
    }

    private static boolean isKept(Job job, Instant now) {
        return job.deadline().plus(KEPT_AFTER_DEADLINE).getEpochSecond() > now.getEpochSecond();
    }

    @Override
    public synchronized Page list(String tenant, @Nullable JobStatus status, int limit, @Nullable String cursor) {
        Optional<String> start = ListCursor.start(tenant, cursor);
        List<Job> rest = jobs.values().stream()
                .filter(job -> job.tenant().equals(tenant) && isKept(job, clock.instant()))
                .filter(job -> start.isEmpty() || JobItem.order(job).compareTo(start.get()) < 0)
                .sorted(Comparator.comparing(JobItem::order).reversed())
                .limit(ListCursor.checked(limit) + 1L)
                .toList();
        List<Job> page = rest.subList(0, Math.min(limit, rest.size()));
        return new Page(
                page.stream()
                        .filter(job -> status == null || job.status() == status)
                        .toList(),
                rest.size() > limit ? ListCursor.after(tenant, JobItem.order(page.getLast())) : null);
    }

    @Override
    public synchronized Claim claim(JobMessage message, String claimId, Instant leaseUntil, Instant now) {
        Predicate<Job> free = job -> job.generation() == message.generation()
                && switch (job.status()) {
                    case QUEUED, DEFERRED -> true;
                    case RUNNING ->
                        job.leaseUntil() != null && !job.leaseUntil().isAfter(now);
                    case SUCCEEDED, FAILED, EXPIRED, CANCELLED -> false;
                };
        Optional<Job> found = change(message.jobId(), free, now, draft -> {
            draft.crashes += draft.status == JobStatus.RUNNING ? 1 : 0;
            draft.status = JobStatus.RUNNING;
            draft.claimId = claimId;
            draft.leaseUntil = leaseUntil;
            draft.notBefore = null;
            draft.resends = 0;
        });
        return found.filter(job -> isLeftBy(claimId, JobStatus.RUNNING, job))
                .<Claim>map(job -> new Claim.Claimed(job, Objects.requireNonNull(requests.get(job.id()))))
                .orElseGet(() -> new Claim.Refused(found.orElse(null)));
    }

    @Override
    public synchronized boolean succeed(String id, String claimId, Success success, Instant now) {
        return end(id, claimId, JobStatus.SUCCEEDED, success.attempts(), now, draft -> {
                    draft.servedBy = success.servedBy();
                    draft.degradation = success.degradation();
                    draft.usage = success.usage();
                    draft.result = success.result();
                })
                .isPresent();
    }

    @Override
    public synchronized boolean fail(
            String id, String claimId, JobStatus status, JobError error, List<Attempt> attempts, Instant now) {
        JobWrite.checkFailure(status);
        return end(id, claimId, status, attempts, now, draft -> draft.error = error)
                .isPresent();
    }

    @Override
    public synchronized Optional<JobMessage> defer(
            String id, String claimId, Instant notBefore, List<Attempt> attempts, Instant now) {
        return end(id, claimId, JobStatus.DEFERRED, attempts, now, draft -> {
                    draft.generation++;
                    draft.notBefore = notBefore;
                    draft.sentAt = now;
                    draft.resends = 0;
                    draft.dueAt = Job.isParked(now, notBefore) ? notBefore : draft.dueAt;
                })
                .map(JobMessage::of);
    }

    private Optional<Job> end(
            String id,
            String claimId,
            JobStatus status,
            List<Attempt> attempts,
            Instant now,
            Consumer<JobDraft> ending) {
        return change(id, job -> isLeftBy(claimId, JobStatus.RUNNING, job), now, draft -> {
                    draft.status = status;
                    draft.attempts = attempts;
                    draft.leaseUntil = null;
                    draft.dueAt = status.isFinal() ? null : draft.dueAt;
                    ending.accept(draft);
                })
                .filter(job -> isLeftBy(claimId, status, job));
    }

    private static boolean isLeftBy(String claimId, JobStatus status, Job job) {
        return claimId.equals(job.claimId()) && job.status() == status;
    }

    @Override
    public synchronized Cancellation cancel(String id, String tenant, Instant now) {
        Predicate<Job> own = job -> job.tenant().equals(tenant) && isKept(job, now);
        Predicate<Job> open = job -> !job.status().isFinal();
        return change(id, own.and(open), now, draft -> {
                    draft.status = JobStatus.CANCELLED;
                    draft.leaseUntil = null;
                    draft.notBefore = null;
                    draft.dueAt = null;
                })
                .filter(own)
                .<Cancellation>map(job -> job.status() == JobStatus.CANCELLED
                        ? new Cancellation.Cancelled(job)
                        : new Cancellation.AlreadyFinal(job))
                .orElseGet(Cancellation.NotFound::new);
    }

    @Override
    public synchronized List<String> due(int shard, Instant now, int limit) {
        return dueByShard.get(shard).stream()
                .takeWhile(due -> !due.at().isAfter(now))
                .limit(limit)
                .map(DueJob::id)
                .toList();
    }

    private void put(Job job) {
        NavigableSet<DueJob> due = dueByShard.get(JobItem.shard(job.id()));
        DueJob.of(jobs.put(job.id(), job)).ifPresent(due::remove);
        DueJob.of(job).ifPresent(due::add);
    }

    private record DueJob(Instant at, String id) implements Comparable<DueJob> {
        static Optional<DueJob> of(@Nullable Job job) {
            return job == null || job.dueAt() == null
                    ? Optional.empty()
                    : Optional.of(new DueJob(job.dueAt(), job.id()));
        }

        @Override
        public int compareTo(DueJob other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : id.compareTo(other.id);
        }
    }

    @Override
    public synchronized void lookAgain(Job seen, Instant dueAt) {
        changeSeen(seen, draft -> draft.dueAt = dueAt);
    }

    @Override
    public synchronized boolean resend(Job seen, int resends, Instant dueAt, Instant now) {
        return changeSeen(seen, draft -> {
            draft.sentAt = now;
            draft.resends = resends;
            draft.dueAt = dueAt;
        });
    }

    @Override
    public synchronized boolean abandon(Job seen, JobStatus status, JobError error, Instant now) {
        JobWrite.checkFailure(status);
        return changeSeen(seen, draft -> {
            draft.status = status;
            draft.error = error;
            draft.updatedAt = now;
            draft.leaseUntil = null;
            draft.notBefore = null;
            draft.dueAt = null;
        });
    }

    private boolean changeSeen(Job seen, Consumer<JobDraft> change) {
        Job job = jobs.get(seen.id());
        if (job == null || !isAsSeen(job, seen)) {
            return false;
        }
        JobDraft draft = new JobDraft(job);
        change.accept(draft);
        put(draft.toJob());
        return true;
    }

    private static boolean isAsSeen(Job job, Job seen) {
        return job.status() == seen.status()
                && job.generation() == seen.generation()
                && job.sentAt().equals(seen.sentAt())
                && Objects.equals(job.claimId(), seen.claimId());
    }

    /** Changes the job where the condition holds; what stands there then, changed or not. */
    private Optional<Job> change(String id, Predicate<Job> condition, Instant now, Consumer<JobDraft> change) {
        Job job = jobs.get(id);
        if (job == null || !condition.test(job)) {
            return Optional.ofNullable(job);
        }
        JobDraft draft = new JobDraft(job);
        draft.updatedAt = now;
        change.accept(draft);
        Job changed = draft.toJob();
        put(changed);
        return Optional.of(changed);
    }
}
