package io.breakwater.tenant;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How many jobs of one tenant may be in flight at once, and when one that is over the limit is to come back.
 *
 * <p>Those over the limit stand in a line of turns, as far apart as slots come free: a flood of jobs is so refused once
 * or twice for each, not all the time. The line is no longer than a message can be delayed. Whoever finds it full comes
 * back when it has moved on, scattered.
 */
public record InFlightLimit(int maximum) {
    /** With its scatter within the longest delay of a message. */
    static final Duration LONGEST_LINE = Duration.ofMinutes(12);

    private static final double SCATTER = 0.2;

    /** Of the slots: left to those who wait in line while there is one, by those who have not waited. */
    private static final int KEPT_FOR_LINE = 4;

    /** While no job has ended: a line that moves too fast is corrected sooner than one that stands. */
    private static final Duration FIRST_GUESS = Duration.ofSeconds(2);

    /** Jobs that end at once, because no endpoint takes them, are not to make the line rush. */
    private static final Duration SHORTEST_HOLD = Duration.ofSeconds(1);

    private static final int WEIGHT_OF_PAST = 4;

    public InFlightLimit {
        if (maximum < 1) {
            throw new IllegalArgumentException("at least 1 job must be allowed in flight, was " + maximum);
        }
    }

    /**
     * The step that takes a slot.
     *
     * @param hasWaited whether the job was deferred before
     * @param expired claims whose slots are known to be over
     */
    SlotStep.Take take(String claimId, Instant leaseUntil, boolean hasWaited, List<String> expired, Instant now) {
        int forLine = hasWaited ? 0 : Math.max(1, maximum / KEPT_FOR_LINE);
        return new SlotStep.Take(claimId, leaseUntil, expired, maximum, maximum - forLine, now);
    }

    SlotStep.JoinLine joinLine(Slots seen, Instant now) {
        Duration hold = seen.typicalHold().isZero() ? FIRST_GUESS : longer(seen.typicalHold(), SHORTEST_HOLD);
        return new SlotStep.JoinLine(Duration.ofMillis(Math.max(1, hold.toMillis() / maximum)), now);
    }

    boolean isLineFull(Slots seen, Instant now) {
        return seen.lineEnd().isAfter(now.plus(LONGEST_LINE));
    }

    /**
     * When to come back without a turn.
     *
     * @param chance from 0 to 1
     */
    Instant afterLine(Instant now, double chance) {
        return now.plus(LONGEST_LINE).plusMillis(Math.round(LONGEST_LINE.toMillis() * SCATTER * chance));
    }

    /** How long a slot is held, with one more that was seen. */
    static Duration typicalHold(Duration before, Duration seen) {
        return before.isZero()
                ? seen
                : before.multipliedBy(WEIGHT_OF_PAST).plus(seen).dividedBy(WEIGHT_OF_PAST + 1L);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
