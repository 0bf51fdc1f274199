package io.breakwater.function.request;

import io.breakwater.job.Attempt;
import io.breakwater.job.Degradation;
import io.breakwater.job.Job;
import io.breakwater.job.JobError;
import io.breakwater.job.JobStatus;
import io.breakwater.job.ServedBy;
import io.breakwater.job.StoredResult;
import io.breakwater.model.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job as its owner sees it: the API's {@code Job}. */
record JobView(
        String id,
        JobStatus status,
        Instant createdAt,
        Instant updatedAt,
        Instant deadline,
        List<Attempt> attempts,
        @Nullable ServedBy servedBy,
        boolean degraded,
        @Nullable Degradation degradation,
        @Nullable Usage usage,
        @Nullable Instant notBefore,
        @Nullable ResultView result,
        @Nullable JobError error,
        Map<String, String> metadata) {

    static JobView of(Job job) {
        return new JobView(
                job.id(),
                job.status(),
                job.createdAt(),
                job.updatedAt(),
                job.deadline(),
                job.attempts(),
                job.servedBy(),
                job.degradation() != null,
                job.degradation(),
                job.usage(),
                job.notBefore(),
                ResultView.of(job),
                job.error(),
                job.metadata());
    }

    static String path(String id) {
        return "/jobs/" + id;
    }

    /** Where a job's result can be had, and what it is. */
    record ResultView(String href, String contentType, long bytes, String stopReason) {
        static @Nullable ResultView of(Job job) {
            StoredResult result = job.result();
            return result == null
                    ? null
                    : new ResultView(
                            path(job.id()) + "/result", result.contentType(), result.bytes(), result.stopReason());
        }
    }
}
