package io.breakwater.function.request;

import io.breakwater.job.Attempt;
import io.breakwater.job.Job;
import io.breakwater.job.JobError;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobStatus;
import io.breakwater.job.JobStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the request function needs of a job store, in a map. */
final class FakeJobStore implements JobStore {
    final Map<String, Job> jobs = new LinkedHashMap<>();
    final Map<String, JobRequest> requests = new LinkedHashMap<>();

    @Nullable
    RuntimeException failure;

    @Override
    public Creation create(Job job, JobRequest request) {
        check();
        Job existing = jobs.putIfAbsent(job.id(), job);
        requests.putIfAbsent(job.id(), request);
        return existing == null ? new Creation.Created() : new Creation.Exists(existing);
    }

    @Override
    public Optional<Job> find(String id) {
        check();
        return Optional.ofNullable(jobs.get(id));
    }

    @Override
    public Page list(String tenant, @Nullable JobStatus status, int limit, @Nullable String cursor) {
        check();
        int from = cursor == null ? 0 : Integer.parseInt(cursor);
        List<Job> own = jobs.values().stream()
                .filter(job -> job.tenant().equals(tenant))
                .sorted(Comparator.comparing(Job::createdAt).reversed())
                .toList();
        int to = Math.min(own.size(), from + limit);
        return new Page(
                own.subList(from, to).stream()
                        .filter(job -> status == null || job.status() == status)
                        .toList(),
                to < own.size() ? Integer.toString(to) : null);
    }

    @Override
    public Cancellation cancel(String id, String tenant, Instant now) {
        check();
        Job job = jobs.get(id);
        if (job == null || !job.tenant().equals(tenant)) {
            return new Cancellation.NotFound();
        }
        if (job.status().isFinal() && job.status() != JobStatus.CANCELLED) {
            return new Cancellation.AlreadyFinal(job);
        }
        Job cancelled = Jobs.with(job, JobStatus.CANCELLED, null);
        jobs.put(id, cancelled);
        return new Cancellation.Cancelled(cancelled);
    }

    private void check() {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public Claim claim(JobMessage message, String claimId, Instant leaseUntil, Instant now) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean succeed(String id, String claimId, Success success, Instant now) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean fail(
            String id, String claimId, JobStatus status, JobError error, List<Attempt> attempts, Instant now) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<JobMessage> defer(
            String id, String claimId, Instant notBefore, List<Attempt> attempts, Instant now) {
        throw new UnsupportedOperationException();
    }
}
