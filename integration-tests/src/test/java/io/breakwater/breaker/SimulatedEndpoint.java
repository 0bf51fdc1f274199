package io.breakwater.breaker;

import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** An endpoint whose weather changes, as its seed has it. */
final class SimulatedEndpoint {
    /** No call is allowed to take longer. */
    static final long CALL_TIMEOUT_MILLIS = 12_000;

    private static final List<FailureKind> KINDS = List.of(
            FailureKind.THROTTLED,
            FailureKind.THROTTLED,
            FailureKind.TIMEOUT,
            FailureKind.SERVER_ERROR,
            FailureKind.SERVER_ERROR,
            FailureKind.CALLER_FAULT);

    private final Endpoint endpoint;
    private final SplittableRandom random;
    private final List<Weather> forecast = new ArrayList<>();
    private final List<Storm> storms;

    SimulatedEndpoint(Endpoint endpoint, long start, long end, List<Storm> storms, SplittableRandom random) {
        this.endpoint = endpoint;
        this.storms = storms;
        this.random = random;
        long successMillis = random.nextInt(3) == 0 ? 300 : random.nextInt(2_000, 10_000);
        for (long at = start; at < end; ) {
            at += random.nextInt(10_000, 90_000);
            double rate = random.nextInt(3) == 0 ? 0.02 : random.nextInt(2) == 0 ? 1 : random.nextDouble();
            FailureKind kind = random.nextInt(40) == 0
                    ? (random.nextBoolean() ? FailureKind.DAILY_QUOTA : FailureKind.END_OF_LIFE)
                    : KINDS.get(random.nextInt(KINDS.size()));
            forecast.add(new Weather(Math.min(at, end), rate, kind, successMillis));
        }
        forecast.add(new Weather(Long.MAX_VALUE, 0, FailureKind.THROTTLED, successMillis));
    }

    /** How calls go until then. */
    private record Weather(long until, double failureRate, FailureKind kind, long successMillis) {}

    /** All calls to a region fail like this for a while. */
    record Storm(String region, long from, long until, FailureKind kind) {
        static Storm of(String region, long from, long end, SplittableRandom random) {
            long until = Math.min(end, from + random.nextInt(5_000, 60_000));
            return new Storm(
                    region, from, until, random.nextBoolean() ? FailureKind.SERVER_ERROR : FailureKind.TIMEOUT);
        }

        boolean rages(Endpoint endpoint, long now) {
            return endpoint.region().equals(region) && now >= from && now < until;
        }
    }

    /** How one call goes. */
    record Fate(@Nullable FailureKind failure, long millis) {
        Outcome outcome() {
            return failure == null
                    ? new Outcome.Success()
                    : failure == FailureKind.CALLER_FAULT
                            ? new Outcome.Ignored()
                            : new Outcome.Failure(failure, "simulated", null);
        }

        boolean fails() {
            return counts() && failure != null;
        }

        /** Whether it says something about the endpoint. */
        boolean counts() {
            return failure != FailureKind.CALLER_FAULT;
        }
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Fate fateOfACall(long now) {
        for (Storm storm : storms) {
            if (storm.rages(endpoint, now)) {
                return failure(storm.kind());
            }
        }
        Weather weather = forecast.stream()
                .filter(candidate -> now < candidate.until())
                .findFirst()
                .orElseThrow();
        if (random.nextDouble() >= weather.failureRate()) {
            return new Fate(null, random.nextLong(weather.successMillis() / 2, weather.successMillis() + 1));
        }
        return failure(weather.kind());
    }

    private Fate failure(FailureKind kind) {
        return new Fate(kind, kind == FailureKind.TIMEOUT ? CALL_TIMEOUT_MILLIS : random.nextLong(20, 200));
    }
}
