package io.breakwater.tenant;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Slots for one process: tests, simulations. */
public final class InMemorySlotStore implements SlotStore {
    private final Map<String, Slots> tenants = new HashMap<>();

    @Override
    public synchronized Answer apply(String tenant, SlotStep step) {
        Slots found = tenants.getOrDefault(tenant, Slots.INITIAL);
        Optional<Slots> next = step.applyTo(found);
        next.ifPresent(slots -> tenants.put(tenant, slots));
        return new Answer(next.isPresent(), next.orElse(found));
    }
}
