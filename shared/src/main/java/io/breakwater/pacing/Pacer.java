package io.breakwater.pacing;

import io.breakwater.model.Endpoint;
import java.time.Duration;

/** Gives out turns to call endpoints. */
public interface Pacer {
    /** Every call at once, and every throttle counts against its endpoint. */
    Pacer NONE = (_, _) -> new Turn.Taken() {
        @Override
        public Duration spacing() {
            return Duration.ZERO;
        }

        @Override
        public void giveBack() {}

        @Override
        public void used(long tokens) {}

        @Override
        public boolean throttled(Measure measure) {
            return false;
        }
    };

    /**
     * Asks for a turn.
     *
     * @param tokens what the call holds of a token quota while it runs
     */
    Turn ask(Endpoint endpoint, long tokens);
}
