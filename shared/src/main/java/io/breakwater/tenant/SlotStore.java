package io.breakwater.tenant;

/** Where the fleet keeps which tenant's jobs are in flight. Every call may throw when the store cannot be reached. */
public interface SlotStore {
    /** Makes the step if its conditions hold; see {@link SlotStep#applyTo}. */
    Answer apply(String tenant, SlotStep step);

    /**
     * What the store says.
     *
     * @param made whether the step was made
     * @param slots what stands now: after the step when it was made, otherwise what was found instead
     */
    record Answer(boolean made, Slots slots) {}
}
