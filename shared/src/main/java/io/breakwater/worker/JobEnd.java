package io.breakwater.worker;

import io.breakwater.job.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * How a worker ended a job.
 *
 * @param status a final one
 * @param tier that served it, when one did
 */
public record JobEnd(JobStatus status, @Nullable String tier) {}
