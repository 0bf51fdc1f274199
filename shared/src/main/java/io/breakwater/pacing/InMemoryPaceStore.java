package io.breakwater.pacing;

import io.breakwater.pacing.PaceState.Told;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Paces in memory: for one worker, for tests and simulation. Thread-safe. */
public final class InMemoryPaceStore implements PaceStore {
    private final Map<String, PaceState> states = new HashMap<>();
    private final Map<String, Instant> expiries = new HashMap<>();

    @Override
    public synchronized PaceState read(String endpointId, Instant now) {
        return now.isBefore(expiries.getOrDefault(endpointId, Instant.MAX)) ? state(endpointId) : PaceState.INITIAL;
    }

    @Override
    public synchronized PaceState report(String endpointId, Map<Long, Told> told, List<Long> expired, Instant now) {
        PaceState next = state(endpointId).plus(told, expired);
        states.put(endpointId, next);
        expiries.put(endpointId, now.plusSeconds(KEPT_SECONDS));
        return next;
    }

    @Override
    public synchronized PaceState move(String endpointId, long epoch, Measure measure, Pace pace) {
        PaceState found = state(endpointId);
        if (found.epoch() != epoch) {
            return found;
        }
        PaceState next = found.with(measure, pace);
        states.put(endpointId, next);
        return next;
    }

    private PaceState state(String endpointId) {
        return states.getOrDefault(endpointId, PaceState.INITIAL);
    }
}
