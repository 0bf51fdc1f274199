package io.breakwater.tenant;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One atomic change of a tenant's {@link Slots}: a store makes it whole, if its conditions hold, or not at all. All but
 * {@link JoinLine} change nothing the second time.
 *
 * <p>{@link #applyTo} defines what a step means; a store with operations of its own translates them, and a contract
 * test holds it to this definition.
 */
public sealed interface SlotStep {
    /** The slots after this step, or empty when its conditions do not hold. */
    Optional<Slots> applyTo(Slots slots);

    /**
     * Takes a slot for a claim that has none.
     *
     * @param expired claims whose slots are taken away first; refused when one of them is not, or no longer, there to be
     * @param maximum slots that may be taken
     * @param maximumWithLine the same while others wait in line
     */
    record Take(String claimId, Instant leaseUntil, List<String> expired, int maximum, int maximumWithLine, Instant now)
            implements SlotStep {
        public Take {
            expired = List.copyOf(expired);
            if (expired.contains(claimId)) {
                throw new IllegalArgumentException("a claim does not take the place of its own slot: " + claimId);
            }
            if (maximum < 1 || maximumWithLine > maximum) {
                throw new IllegalArgumentException("of at least 1 slot no more can be for taking out of turn: "
                        + maximumWithLine + " of " + maximum);
            }
        }

        @Override
        public Optional<Slots> applyTo(Slots slots) {
            int most = slots.isLineAt(now) ? maximumWithLine : maximum;
            return !slots.isHeldBy(claimId)
                            && expired.stream().allMatch(claim -> slots.isExpired(claim, now))
                            && slots.leases().size() - expired.size() < most
                    ? Optional.of(slots.without(expired).with(claimId, leaseUntil))
                    : Optional.empty();
        }
    }

    /** Gives the claim's slot back. {@code typicalHold} takes the place of what was thought before. */
    record Give(String claimId, Duration typicalHold) implements SlotStep {
        @Override
        public Optional<Slots> applyTo(Slots slots) {
            return slots.isHeldBy(claimId)
                    ? Optional.of(slots.without(List.of(claimId)).withTypicalHold(typicalHold))
                    : Optional.empty();
        }
    }

    /** Takes the next turn in line, so long after the last one: {@link Slots#lineEnd} is then this one's. */
    record JoinLine(Duration interval, Instant now) implements SlotStep {
        @Override
        public Optional<Slots> applyTo(Slots slots) {
            Instant last = slots.isLineAt(now) ? slots.lineEnd() : now;
            return Optional.of(slots.withLineEnd(last.plus(interval)));
        }
    }
}
