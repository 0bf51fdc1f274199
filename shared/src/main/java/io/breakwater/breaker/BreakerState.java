package io.breakwater.breaker;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the fleet knows about one endpoint. Every transition raises the epoch, so an epoch names exactly one state and a
 * write that names its epoch cannot touch another.
 */
public sealed interface BreakerState {
    /** What stands before anything was ever written. */
    BreakerState INITIAL = new Closed(0, Instant.EPOCH, Window.EMPTY, Optional.empty());

    long epoch();

    /** When the state was entered. */
    Instant since();

    /** {@code CLOSED}, {@code OPEN}, {@code HALF_OPEN} or {@code DISABLED}, as the API shows it. */
    String name();

    /**
     * Calls go through and are counted.
     *
     * @param pinned an operator's word that it stays closed, whatever the window says
     */
    record Closed(long epoch, Instant since, Window window, Optional<Pin> pinned) implements BreakerState {
        public boolean isPinned(Instant now) {
            return pinned.filter(pin -> now.isBefore(pin.until())).isPresent();
        }

        @Override
        public String name() {
            return "CLOSED";
        }
    }

    /** An operator's override of the rules, for a while. */
    record Pin(String reason, Instant until) {}

    /**
     * No call goes through until {@code until}; then probes do.
     *
     * @param detail what an operator or the service said
     * @param failedRecoveries probes that failed since it was last closed; each doubles the cooldown
     */
    record Open(long epoch, Instant since, Instant until, OpenReason reason, String detail, int failedRecoveries)
            implements BreakerState {
        @Override
        public String name() {
            return reason.disables() ? "DISABLED" : "OPEN";
        }
    }

    /**
     * Only probes go through, as many as the stage has slots.
     *
     * @param stage index into {@link BreakerSettings#halfOpenStages()}
     * @param reason why it had opened
     */
    record HalfOpen(long epoch, Instant since, int stage, List<Slot> slots, OpenReason reason, int failedRecoveries)
            implements BreakerState {
        public HalfOpen {
            slots = List.copyOf(slots);
        }

        boolean isComplete() {
            return slots.stream().allMatch(Slot.Succeeded.class::isInstance);
        }

        /** Whether a permit for the slot may be granted. */
        boolean isGrantable(int slot, Instant now) {
            return switch (slots.get(slot)) {
                case Slot.Free() -> true;
                case Slot.Held held -> !now.isBefore(held.until());
                case Slot.Succeeded() -> false;
            };
        }

        HalfOpen with(int slot, Slot content) {
            List<Slot> changed = IntStream.range(0, slots.size())
                    .mapToObj(index -> index == slot ? content : slots.get(index))
                    .toList();
            return new HalfOpen(epoch, since, stage, changed, reason, failedRecoveries);
        }

        @Override
        public String name() {
            return "HALF_OPEN";
        }
    }

    /** Room for one probe. */
    sealed interface Slot {
        Slot FREE = new Free();
        Slot SUCCEEDED = new Succeeded();

        /** Nobody probes here. */
        record Free() implements Slot {}

        /** A probe is on its way; when its worker is silent past {@code until} the slot may be granted again. */
        record Held(String permitId, Instant until) implements Slot {}

        /** The probe here succeeded. */
        record Succeeded() implements Slot {}
    }
}
