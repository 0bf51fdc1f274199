package io.breakwater.pacing;

import io.breakwater.pacing.PaceState.Told;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Where the fleet keeps its paces, one per endpoint. Every call may throw when the store cannot be reached. */
public interface PaceStore {
    /**
     * What stands, for one who has nothing to tell.
     *
     * @param now nothing does {@link #KEPT_SECONDS} after the last report
     */
    PaceState read(String endpointId, Instant now);

    /**
     * Adds what a worker saw. Never retried: an answer that got lost leaves it counted once or not at all.
     *
     * @param told what happened, by bucket
     * @param expired buckets to drop
     * @param now the item is forgotten {@link #KEPT_SECONDS} after the last report
     * @return what stands then
     */
    PaceState report(String endpointId, Map<Long, Told> told, List<Long> expired, Instant now);

    /**
     * Sets a pace if nobody has set one since.
     *
     * @param epoch the epoch that must stand
     * @return what stands then: with the pace, or with that of whoever was faster
     */
    PaceState move(String endpointId, long epoch, Measure measure, Pace pace);

    /** How long a pace outlives the last report. */
    long KEPT_SECONDS = 3600;
}
