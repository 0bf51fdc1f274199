package io.breakwater.breaker;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** The shipped client without the rule that opens a breaker whose endpoint is plainly failing, to see what the rule does. */
public final class WithoutPlainlyFailing {
    private WithoutPlainlyFailing() {}

    public static FleetBreaker worker(
            BreakerSettings settings,
            BreakerStore store,
            InstantSource clock,
            RandomGenerator random,
            BreakerListener listener) {
        return new FleetBreaker(
                settings,
                new BreakerProtocol(settings, new TripRule(settings, 0)),
                FleetBreaker.Timing.DEFAULTS,
                store,
                clock,
                random,
                listener);
    }
}
