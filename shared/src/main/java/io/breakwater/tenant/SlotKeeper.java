package io.breakwater.tenant;

import java.time.Instant;
import java.util.Optional;

/** Hands out the slots in which a tenant's jobs are served. Thread-safe; never throws. */
public interface SlotKeeper {
    /** Where tenants have no limit: always a slot, and no request for it. */
    SlotKeeper NONE = new SlotKeeper() {
        @Override
        public Optional<Instant> take(String tenant, String claimId, Instant leaseUntil, boolean hasWaited) {
            return Optional.empty();
        }

        @Override
        public void give(String tenant, String claimId) {}
    };

    /**
     * Takes a slot for a claimed job, until it is given back or the claim's lease ends. Returns when to come back, if
     * there is none.
     *
     * @param hasWaited whether the job was deferred before
     */
    Optional<Instant> take(String tenant, String claimId, Instant leaseUntil, boolean hasWaited);

    /** Gives the claim's slot back, if it has one. */
    void give(String tenant, String claimId);
}
