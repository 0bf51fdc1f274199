package io.breakwater.worker;

import io.breakwater.job.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * How a worker ended a job.
 *
 * @param status a final one
 * @param tier that served it, when one did
 * @param error its error's code, when it has one
 */
public record JobEnd(
        JobStatus status, @Nullable String tier, @Nullable String error) {
    static JobEnd served(String tier) {
        return new JobEnd(JobStatus.SUCCEEDED, tier, null);
    }
}
