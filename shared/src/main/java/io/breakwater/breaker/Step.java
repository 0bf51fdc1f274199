package io.breakwater.breaker;

import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.BreakerState.HalfOpen;
import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.breaker.BreakerState.Slot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One atomic change of an endpoint's state: a store makes it whole, if its conditions hold, or not at all.
 *
 * <p>{@link #applyTo} defines what a step means; a store with operations of its own translates them, and a contract
 * test holds it to this definition.
 */
public sealed interface Step {
    /** The epoch that must stand. */
    long epoch();

    /** The state after this step, or empty when its conditions do not hold in {@code state}. */
    default Optional<BreakerState> applyTo(BreakerState state) {
        if (state.epoch() != epoch()) {
            return Optional.empty();
        }
        return switch (this) {
            case Count step when state instanceof Closed closed -> Optional.of(step.in(closed));
            case Reserve step when state instanceof Closed closed -> step.in(closed);
            case MoveTo step -> Optional.of(step.next());
            case GrantSlot step when state instanceof HalfOpen halfOpen -> step.in(halfOpen);
            case SettleSlot step when state instanceof HalfOpen halfOpen -> step.in(halfOpen);
            default -> Optional.empty();
        };
    }

    /**
     * Whether the state shows that this step was made: what its maker can tell after an answer got lost. A count or a
     * reservation shows in nothing.
     */
    default boolean showsIn(BreakerState state) {
        return switch (this) {
            case Count _, Reserve _ -> false;
            case GrantSlot step ->
                state instanceof HalfOpen halfOpen
                        && halfOpen.epoch() == step.epoch()
                        && halfOpen.slot(step.slot()).equals(Optional.of(step.grant()));
            case SettleSlot step ->
                state instanceof HalfOpen halfOpen
                        && halfOpen.epoch() == step.epoch()
                        && halfOpen.slot(step.slot()).equals(Optional.of(step.content()));
            case MoveTo step
            when step.next() instanceof HalfOpen next && next.slots().getFirst() instanceof Slot.Held ->
                state instanceof HalfOpen halfOpen
                        && halfOpen.epoch() == next.epoch()
                        && halfOpen.slots().getFirst().equals(next.slots().getFirst());
            // Another may have opened it in the same millisecond.
            case MoveTo step when step.next() instanceof Open next -> state.equals(next);
            case MoveTo step ->
                state.epoch() == step.next().epoch()
                        && state.since().equals(step.next().since())
                        && state.name().equals(step.next().name());
        };
    }

    /** Adds what a worker saw to the window. {@code expired} are buckets to drop: long past, so nobody adds to them. */
    record Count(long epoch, Tally tally, List<Long> expired) implements Step {
        public Count {
            expired = List.copyOf(expired);
        }

        private BreakerState in(Closed closed) {
            Window window = closed.window().without(expired).plus(tally);
            return closed.with(window);
        }
    }

    /** Lets calls through at the pace of a ramp, if no more than {@code limit} are let through with them. */
    record Reserve(long epoch, int calls, int limit) implements Step {
        private Optional<BreakerState> in(Closed closed) {
            return closed.ramp()
                    .map(ramp -> ramp.plus(calls))
                    .filter(ramp -> ramp.reserved() <= limit)
                    .map(closed::with);
        }
    }

    /** A transition: replaces the whole state. {@code calls} are those that called for it, if any did. */
    record MoveTo(long epoch, BreakerState next, Optional<Counts> calls) implements Step {
        public MoveTo {
            if (next.epoch() != epoch + 1) {
                throw new IllegalArgumentException("a transition raises the epoch by 1: " + epoch + " → " + next);
            }
        }
    }

    /** Takes a slot that is free or whose lease has run out at {@code now}; a repeat by the same permit changes nothing. */
    record GrantSlot(long epoch, int slot, Slot.Held grant, Instant now) implements Step {
        private Optional<BreakerState> in(HalfOpen halfOpen) {
            return halfOpen.isGrantable(slot, now) || halfOpen.isHeldBy(slot, grant.permitId())
                    ? Optional.of(halfOpen.with(slot, grant))
                    : Optional.empty();
        }
    }

    /** Ends the probe that holds a slot: {@code content} is what becomes of it. */
    record SettleSlot(long epoch, int slot, String permitId, Slot content) implements Step {
        private Optional<BreakerState> in(HalfOpen halfOpen) {
            return halfOpen.isHeldBy(slot, permitId) ? Optional.of(halfOpen.with(slot, content)) : Optional.empty();
        }
    }
}
