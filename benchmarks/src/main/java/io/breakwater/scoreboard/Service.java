package io.breakwater.scoreboard;

import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What is called: how a call that starts then will end. */
@FunctionalInterface
interface Service {
    /** How long a throttled call takes. */
    Duration THROTTLE_TIME = Duration.ofMillis(50);

    Fate answer(long elapsedMillis, RandomGenerator random);

    record Fate(Optional<FailureKind> failure, long tookMillis) {}

    /** Throttles this share of the calls, and answers the others in the time of a call. */
    static Service throttling(double share, Duration callTime) {
        return failing(share, FailureKind.THROTTLED, THROTTLE_TIME, callTime);
    }

    static Service failing(double share, FailureKind kind, Duration failureTime, Duration callTime) {
        Fate failed = new Fate(Optional.of(kind), failureTime.toMillis());
        Fate answered = new Fate(Optional.empty(), callTime.toMillis());
        return (_, random) -> random.nextDouble() < share ? failed : answered;
    }

    static Service healthy(Duration callTime) {
        return throttling(0, callTime);
    }

    /** This until then, afterwards the other. */
    default Service until(Duration end, Service other) {
        return (elapsed, random) -> (elapsed < end.toMillis() ? this : other).answer(elapsed, random);
    }

    /** This and the other by turns, this first. */
    default Service alternatingWith(Service other, Duration turn) {
        return (elapsed, random) -> (elapsed / turn.toMillis() % 2 == 0 ? this : other).answer(elapsed, random);
    }
}
