package io.breakwater.health;

import java.util.HashMap;
import java.util.Map;

/** A store for one process: one worker alone, tests, simulations. */
public final class InMemoryRegionStore implements RegionStore {
    private final Map<String, RegionHealth> regions = new HashMap<>();

    @Override
    public synchronized RegionHealth read(String region) {
        return regions.getOrDefault(region, RegionHealth.initial(region));
    }

    @Override
    public synchronized Answer write(RegionHealth next) {
        RegionHealth found = read(next.region());
        if (found.epoch() != next.epoch() - 1) {
            return new Answer(false, found);
        }
        regions.put(next.region(), next);
        return new Answer(true, next);
    }
}
