package io.breakwater.tenant;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the fleet knows of one tenant's jobs in flight. Instants and durations are kept to the millisecond.
 *
 * @param leases ends of the leases of the slots that are taken, by the claim that took each
 * @param lineEnd the last turn that was given to a job that found no slot; past when nobody is known to wait
 * @param typicalHold how long a slot is held, as far as that was seen; zero when it never was
 */
public record Slots(Map<String, Instant> leases, Instant lineEnd, Duration typicalHold) {
    static final Slots INITIAL = new Slots(Map.of(), Instant.EPOCH, Duration.ZERO);

    public Slots {
        leases = Map.copyOf(leases);
    }

    boolean isHeldBy(String claimId) {
        return leases.containsKey(claimId);
    }

    boolean isLineAt(Instant now) {
        return lineEnd.isAfter(now);
    }

    /** Claims whose lease is over, so that their slots are anyone's. */
    List<String> expired(Instant now) {
        return leases.keySet().stream()
                .filter(claimId -> isExpired(claimId, now))
                .sorted()
                .toList();
    }

    boolean isExpired(String claimId, Instant now) {
        Instant end = leases.get(claimId);
        return end != null && !end.isAfter(now);
    }

    Slots with(String claimId, Instant leaseUntil) {
        Map<String, Instant> next = new HashMap<>(leases);
        next.put(claimId, leaseUntil);
        return new Slots(next, lineEnd, typicalHold);
    }

    Slots without(List<String> claimIds) {
        Map<String, Instant> next = new HashMap<>(leases);
        next.keySet().removeAll(claimIds);
        return new Slots(next, lineEnd, typicalHold);
    }

    Slots withLineEnd(Instant end) {
        return new Slots(leases, end, typicalHold);
    }

    Slots withTypicalHold(Duration hold) {
        return new Slots(leases, lineEnd, hold);
    }
}
