package io.breakwater.breaker;

import java.time.Duration;

/**
 * How traffic comes back after an outage: all that waits must not arrive at once. It begins with the pace of the last
 * probes, ten calls in the time of one, and doubles for each step in which the breaker stays closed; a step is as long as
 * a call takes and the fleet needs to hear how it ended.
 *
 * @param callTime how long a call takes, from 1 s to 1 min
 * @param reserved calls of the fleet that were let through since it closed
 */
public record Ramp(Duration callTime, int reserved) {
    private static final int FIRST_PACE = 10;
    private static final int STEPS = 10;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** A ramp for calls that take about so long. */
    static Ramp forCallsOf(Duration callTime) {
        return new Ramp(
                callTime.compareTo(SHORTEST) < 0 ? SHORTEST : callTime.compareTo(LONGEST) > 0 ? LONGEST : callTime, 0);
    }

    boolean isOver(Duration sinceClosed) {
        return sinceClosed.compareTo(step().multipliedBy(STEPS)) >= 0;
    }

    /** How many calls may have been let through by then. */
    int allowed(Duration sinceClosed) {
        double elapsed = Math.max(0, sinceClosed.toMillis());
        double step = step().toMillis();
        double number = Math.floor(elapsed / step);
        double perCallTime = FIRST_PACE * Math.pow(2, number);
        double before = FIRST_PACE * (Math.pow(2, number) - 1) * step;
        double within = perCallTime * (elapsed - number * step);
        return (int) Math.min(Integer.MAX_VALUE, FIRST_PACE + (before + within) / callTime.toMillis());
    }

    Ramp plus(int calls) {
        return new Ramp(callTime, reserved + calls);
    }

    private Duration step() {
        return callTime.plus(TripRule.TELLING_TIME);
    }
}
