package io.breakwater.breaker;

import java.time.Instant;
import java.util.Optional;

/**
 * What to do about an event.
 *
 * @param step the change to make, if any; {@code verdict} holds only once the store has made it
 * @param verdict what the event's sender is told
 */
public record Decision(Optional<Step> step, Verdict verdict) {
    static Decision only(Verdict verdict) {
        return new Decision(Optional.empty(), verdict);
    }

    static Decision nothing() {
        return only(new Verdict.Noted());
    }

    static Decision of(Step step) {
        return of(step, new Verdict.Noted());
    }

    static Decision of(Step step, Verdict verdict) {
        return new Decision(Optional.of(step), verdict);
    }

    /** What an event's sender is told. */
    public sealed interface Verdict {
        /** The call may go, and counts in this epoch; and so may as many more as make up {@code calls}. */
        record Admitted(long epoch, int calls) implements Verdict {}

        /** The call may go as a probe, and its outcome is told at once. */
        record Probing(long epoch, int slot, String permitId) implements Verdict {}

        /** The call may not go; asking again before {@code retryAt} is useless. */
        record Refused(BreakerState state, Instant retryAt) implements Verdict {}

        /** Nothing to tell. */
        record Noted() implements Verdict {}
    }
}
