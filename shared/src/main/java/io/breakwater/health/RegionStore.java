package io.breakwater.health;

/** Where the fleet keeps the health of its regions. Every call may throw when the store cannot be reached. */
public interface RegionStore {
    /** The region's health as it stands, read consistently; {@link RegionHealth#initial} when nothing was written. */
    RegionHealth read(String region);

    /** Writes a transition if the epoch before it stands, atomically. */
    Answer write(RegionHealth next);

    /**
     * What the store says.
     *
     * @param made whether the transition was written
     * @param health what stands now: the transition, or what was found instead
     */
    record Answer(boolean made, RegionHealth health) {}
}
