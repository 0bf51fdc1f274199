package io.breakwater.scoreboard;

import java.time.Duration;
import java.util.Optional;

/**
 * What a fleet goes through.
 *
 * @param traffic what its environments want
 * @param onset from when it is watched: when the service begins to fail
 * @param recovery when the service has recovered, if it does
 * @param length when it ends
 * @param untilOpen whether it ends as soon as the breaker opens
 */
record Plan(
        int environments,
        Traffic traffic,
        Service service,
        Duration onset,
        Optional<Duration> recovery,
        Duration length,
        boolean untilOpen,
        long seed) {

    /** What the environments want. */
    sealed interface Traffic {
        /** So many calls a second of each, at random times, however the calls before have ended. */
        record Open(double callsPerSecond) implements Traffic {}

        /** So many calls of each in the first moment, and none after. */
        record Burst(int callsOfEach) implements Traffic {}

        /** One call after the other in each, of this length; the first is on its way for a random part of it. */
        record OneAtATime(Duration callTime) implements Traffic {}

        /** Ten calls on their way in each, while all go well. */
        static Traffic tenConcurrent(Duration callTime) {
            return new Open(10_000.0 / callTime.toMillis());
        }
    }

    static Plan of(int environments, Traffic traffic, Service service, Duration length, long seed) {
        return new Plan(environments, traffic, service, Duration.ZERO, Optional.empty(), length, false, seed);
    }

    Plan withOnset(Duration at) {
        return new Plan(environments, traffic, service, at, recovery, length, untilOpen, seed);
    }

    Plan withRecovery(Duration at) {
        return new Plan(environments, traffic, service, onset, Optional.of(at), length, untilOpen, seed);
    }

    Plan untilItOpens() {
        return new Plan(environments, traffic, service, onset, recovery, length, true, seed);
    }
}
