package io.breakwater.function;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.breakwater.job.JobError;
import io.breakwater.job.JobStatus;
import io.breakwater.worker.JobEnd;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How jobs ended that a worker served, as CloudWatch metrics: a line for each status and tier, however many jobs. */
public final class JobMetrics {
    private final MetricLines lines;

    JobMetrics(MetricLines lines) {
        this.lines = lines;
    }

    /** The ends of one invocation's jobs. */
    public void on(List<JobEnd> ends) {
        write("Status", "JobsFinished", ends, end -> end.status().name());
        write("Tier", "JobsServed", ends, JobEnd::tier);
        write(
                RecoveryMetrics.FUNCTION,
                RecoveryMetrics.EXPIRED,
                ends,
                end -> worker(end.status() == JobStatus.EXPIRED));
        write(
                RecoveryMetrics.FUNCTION,
                RecoveryMetrics.ABANDONED,
                ends,
                end -> worker(JobError.CRASHED.equals(end.error())));
    }

    private static @Nullable String worker(boolean concerned) {
        return concerned ? "worker" : null;
    }

    private void write(String dimension, String metric, List<JobEnd> ends, Function<JobEnd, @Nullable String> value) {
        ends.stream()
                .map(value)
                .filter(Objects::nonNull)
                .collect(groupingBy(Function.identity(), TreeMap::new, counting()))
                .forEach((name, count) -> lines.write(dimension, name, Map.of(metric, count.intValue()), Map.of()));
    }
}
