package io.breakwater.function.request;

import io.breakwater.job.Attempt;
import io.breakwater.job.Degradation;
import io.breakwater.job.Job;
import io.breakwater.job.JobError;
import io.breakwater.job.JobStatus;
import io.breakwater.job.ServedBy;
import io.breakwater.job.StoredResult;
import io.breakwater.model.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jobs in every state, for tests to find. */
final class Jobs {
    private static final Instant CREATED = Instant.parse("2026-11-24T12:00:00Z");

    private Jobs() {}

    static Job queued(String id, String tenant) {
        return new Job(
                id,
                tenant,
                JobStatus.QUEUED,
                CREATED,
                CREATED,
                CREATED.plusSeconds(21_600),
                0,
                0,
                null,
                null,
                CREATED,
                0,
                null,
                "secret-hash",
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of("ticket", "A-17"));
    }

    static Job deferred(String id, String tenant) {
        return new Job(
                id,
                tenant,
                JobStatus.DEFERRED,
                CREATED,
                CREATED,
                CREATED.plusSeconds(21_600),
                3,
                1,
                null,
                null,
                CREATED,
                0,
                null,
                "secret-hash",
                List.of(new Attempt("us-east-1/a.b", "primary", "THROTTLED", CREATED, 48, 4096)),
                null,
                null,
                null,
                CREATED.plusSeconds(90),
                null,
                null,
                Map.of());
    }

    static Job succeeded(String id, String tenant) {
        return new Job(
                id,
                tenant,
                JobStatus.SUCCEEDED,
                CREATED,
                CREATED.plusSeconds(3),
                CREATED.plusSeconds(21_600),
                1,
                2,
                "secret-claim",
                CREATED.plusSeconds(99),
                CREATED,
                0,
                null,
                "secret-hash",
                List.of(
                        new Attempt("us-east-1/a.b", "primary", "THROTTLED", CREATED, 48, 4096),
                        new Attempt("us-east-1/a.c", "emergency", "SUCCESS", CREATED, 2950, 512)),
                new ServedBy("us-east-1", "a.c", "emergency"),
                new Degradation("emergency", 512, true),
                new Usage(14, 171, new BigDecimal("0.0000033")),
                null,
                new StoredResult("results/" + id + "/secret-claim", "text/plain; charset=utf-8", 742, "end_turn"),
                null,
                Map.of());
    }

    static Job failed(String id, String tenant) {
        return with(queued(id, tenant), JobStatus.FAILED, new JobError("UNAVAILABLE", "no endpoint takes calls", 45L));
    }

    static Job with(Job job, JobStatus status, @Nullable JobError error) {
        return new Job(
                job.id(),
                job.tenant(),
                status,
                job.createdAt(),
                job.updatedAt(),
                job.deadline(),
                job.generation(),
                job.crashes(),
                job.claimId(),
                job.leaseUntil(),
                job.sentAt(),
                job.resends(),
                job.dueAt(),
                job.bodyHash(),
                job.attempts(),
                job.servedBy(),
                job.degradation(),
                job.usage(),
                job.notBefore(),
                job.result(),
                error,
                job.metadata());
    }
}
