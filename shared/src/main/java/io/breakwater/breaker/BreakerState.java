package io.breakwater.breaker;

import io.breakwater.model.FailureKind;
import java.time.Duration;
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
    BreakerState INITIAL = new Closed(0, Instant.EPOCH, Window.EMPTY, Optional.empty(), Optional.empty());

    long epoch();

    /** When the state was entered. */
    Instant since();

    /** {@code CLOSED}, {@code OPEN}, {@code HALF_OPEN} or {@code DISABLED}, as the API shows it. */
    String name();

    /**
     * Calls go through and are counted.
     *
     * @param pinned an operator's word that it stays closed, whatever the window says
     * @param ramp the pace at which calls come back after an outage
     */
    record Closed(long epoch, Instant since, Window window, Optional<Pin> pinned, Optional<Ramp> ramp)
            implements BreakerState {
        public boolean isPinned(Instant now) {
            return pinned.filter(pin -> now.isBefore(pin.until())).isPresent();
        }

        Closed with(Window other) {
            return new Closed(epoch, since, other, pinned, ramp);
        }

        Closed with(Ramp other) {
            return new Closed(epoch, since, window, pinned, Optional.of(other));
        }

        /** Whether calls are admitted one by one, at the ramp's pace. */
        boolean isPaced(Instant now) {
            return ramp.filter(pace -> !pace.isOver(Duration.between(since, now)))
                    .isPresent();
        }

        @Override
        public String name() {
            return "CLOSED";
        }
    }

    /** An operator's override of the rules, for a while. */
    record Pin(String reason, Instant until) {
        public Pin {
            reason = shortened(reason);
        }
    }

    /**
     * No call goes through until {@code until}; then probes do.
     *
     * @param detail what an operator or the service said
     */
    record Open(long epoch, Instant since, Instant until, OpenReason reason, String detail, Outage outage)
            implements BreakerState {
        public Open {
            detail = shortened(detail);
        }

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
     * @param callTime how long a call takes, as far as the stages before have shown
     */
    record HalfOpen(
            long epoch, Instant since, int stage, List<Slot> slots, OpenReason reason, Duration callTime, Outage outage)
            implements BreakerState {
        public HalfOpen {
            slots = List.copyOf(slots);
        }

        boolean isComplete() {
            return slots.stream().allMatch(Slot.Succeeded.class::isInstance);
        }

        /** The median of the stage's successful probes, or what was known before when there is none. */
        Duration observedCallTime() {
            List<Duration> times = slots.stream()
                    .filter(Slot.Succeeded.class::isInstance)
                    .map(slot -> ((Slot.Succeeded) slot).took())
                    .sorted()
                    .toList();
            return times.isEmpty() ? callTime : times.get(times.size() / 2);
        }

        /** Whether a probe of this recovery has succeeded. */
        boolean anySucceeded() {
            return stage > 0 || slots.stream().anyMatch(Slot.Succeeded.class::isInstance);
        }

        /** When the next probe may begin, if probes are to begin so far apart; the first may at once. */
        Instant nextBegins(Duration spacing, Instant now) {
            long begun = IntStream.range(0, slots.size())
                    .filter(slot -> !isGrantable(slot, now))
                    .count();
            return since.plus(spacing.multipliedBy(begun));
        }

        /** Whether a permit for the slot may be granted. */
        boolean isGrantable(int slot, Instant now) {
            return slot(slot)
                    .filter(content -> switch (content) {
                        case Slot.Free() -> true;
                        case Slot.Held held -> !now.isBefore(held.until());
                        case Slot.Succeeded _ -> false;
                    })
                    .isPresent();
        }

        /** What is in the slot; a stage that has no such slot has nothing there. */
        Optional<Slot> slot(int number) {
            return number < slots.size() ? Optional.of(slots.get(number)) : Optional.empty();
        }

        boolean isHeldBy(int slot, String permitId) {
            return slot(slot)
                    .filter(content ->
                            content instanceof Slot.Held held && held.permitId().equals(permitId))
                    .isPresent();
        }

        HalfOpen with(int slot, Slot content) {
            List<Slot> changed = IntStream.range(0, slots.size())
                    .mapToObj(index -> index == slot ? content : slots.get(index))
                    .toList();
            return new HalfOpen(epoch, since, stage, changed, reason, callTime, outage);
        }

        @Override
        public String name() {
            return "HALF_OPEN";
        }
    }

    /**
     * From leaving CLOSED until it is closed again.
     *
     * @param since when it left CLOSED
     * @param kind how calls failed; empty when it was not for failed calls
     * @param failedRecoveries probes that failed since; each doubles the cooldown
     */
    record Outage(Instant since, Optional<FailureKind> kind, int failedRecoveries) {
        Outage plusFailedRecovery() {
            return new Outage(since, kind, failedRecoveries + 1);
        }
    }

    /** Room for one probe. */
    sealed interface Slot {
        Slot FREE = new Free();

        /** Nobody probes here. */
        record Free() implements Slot {}

        /** A probe is on its way; when its worker is silent past {@code until} the slot may be granted again. */
        record Held(String permitId, Instant until) implements Slot {}

        /** The probe here succeeded. */
        record Succeeded(Duration took) implements Slot {}
    }

    /** What is kept of it: a state is to stay below a kilobyte. */
    private static String shortened(String text) {
        int most = 200;
        return text.length() <= most ? text : text.substring(0, most) + "…";
    }
}
