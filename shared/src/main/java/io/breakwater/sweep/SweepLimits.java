package io.breakwater.sweep;

import io.breakwater.topology.Topology;
import java.time.Duration;

/**
 * How much one run of the sweeper does at most.
 *
 * @param looks jobs looked at, per shard of the index of what is due
 * @param releases jobs released from a long wait; more that are due then are put off
 * @param scatter over which what is released arrives
 * @param putOff over which the others are due again
 */
public record SweepLimits(int looks, int releases, Duration scatter, Duration putOff) {
    /** For a run each minute: a shard is some two hundred jobs, ten seconds' work. */
    public static final SweepLimits DEFAULTS =
            new SweepLimits(250, 300, Topology.SWEEP_INTERVAL, Topology.SWEEP_INTERVAL.multipliedBy(10));
}
