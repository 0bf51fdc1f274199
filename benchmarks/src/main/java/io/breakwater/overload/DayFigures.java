package io.breakwater.overload;

import io.breakwater.job.JobStatus;
import java.time.Duration;
import java.util.Map;

/**
 * What came of a day.
 *
 * @param ended jobs by their status in the end
 * @param degraded jobs that a lower tier served
 * @param calls to all models
 * @param callsInVain of them those to the primary while its quota was used up
 * @param drained from the renewal of the quota until the last job ended that arrived before; negative when it ended before
 * @param delivered messages that workers got
 */
record DayFigures(
        int jobs,
        Map<JobStatus, Integer> ended,
        int degraded,
        int calls,
        int callsInVain,
        Duration drained,
        int delivered,
        Requests requests) {
    int ended(JobStatus status) {
        return ended.getOrDefault(status, 0);
    }

    boolean haveAllEnded() {
        return ended.keySet().stream().allMatch(JobStatus::isFinal);
    }

    double perJob(int number) {
        return (double) number / jobs;
    }
}
