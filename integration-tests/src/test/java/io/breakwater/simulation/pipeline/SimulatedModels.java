package io.breakwater.simulation.pipeline;

import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import io.breakwater.model.ModelResult;
import io.breakwater.model.Usage;
import io.breakwater.simulation.Hits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The endpoints: each with a quota, and with the troubles that it has. */
final class SimulatedModels {
    private static final int QUICK_FAILURE_MILLIS = 300;

    private final InstantSource clock;
    private final SplittableRandom random;
    private final Hits hits;
    private final List<Trouble> troubles;
    private final Scenario.Service service;
    private final Map<Endpoint, Allowance> allowances = new HashMap<>();
    private int calls;

    SimulatedModels(
            InstantSource clock, SplittableRandom random, Hits hits, List<Trouble> troubles, Scenario.Service service) {
        this.clock = clock;
        this.random = random;
        this.hits = hits;
        this.troubles = troubles;
        this.service = service;
    }

    /** For a while, a share of the calls to some endpoints fails in one way. */
    record Trouble(Predicate<Endpoint> where, Instant from, Instant until, FailureKind kind, double share) {
        boolean besets(Endpoint endpoint, Instant now) {
            return where.test(endpoint) && !now.isBefore(from) && now.isBefore(until);
        }
    }

    /** What is left of an endpoint's quota: a minute's worth in each minute, or a little of it at any time. */
    private final class Allowance {
        private double left = depth();
        private Instant last = clock.instant();

        boolean take() {
            Instant now = clock.instant();
            left = service.inWholeMinutes()
                    ? last.getEpochSecond() / 60 == now.getEpochSecond() / 60 ? left : depth()
                    : Math.min(
                            depth(),
                            left + Duration.between(last, now).toMillis() * service.requestsPerMinute() / 60_000.0);
            last = now;
            if (left < 1) {
                return false;
            }
            left--;
            return true;
        }

        private double depth() {
            return service.inWholeMinutes() ? service.requestsPerMinute() : service.requestsPerMinute() / 10.0;
        }
    }

    /** How a call goes, if it is given the time. */
    record Fate(ModelResult result, long millis) {}

    /** Begins a call. */
    Fate call(Endpoint endpoint) {
        calls++;
        Instant now = clock.instant();
        for (Trouble trouble : troubles) {
            if (trouble.besets(endpoint, now) && random.nextDouble() < trouble.share()) {
                return failure(trouble.kind());
            }
        }
        if (!allowances.computeIfAbsent(endpoint, _ -> new Allowance()).take()) {
            return failure(FailureKind.THROTTLED);
        }
        hits.hit("model: answered");
        return new Fate(
                new ModelResult.Reply("the answer", new Usage(3, 4), "end_turn"),
                random.nextLong(
                        service.shortestCall().toMillis(), service.longestCall().toMillis()));
    }

    private Fate failure(FailureKind kind) {
        hits.hit("model: " + kind);
        return new Fate(
                new ModelResult.Failure(kind, message(kind), retryAfter(kind)),
                kind == FailureKind.TIMEOUT
                        ? Duration.ofDays(1).toMillis()
                        : 20 + random.nextInt(QUICK_FAILURE_MILLIS));
    }

    private String message(FailureKind kind) {
        return kind == FailureKind.THROTTLED && !service.known() && random.nextBoolean()
                ? "Too many tokens, please wait"
                : "it fails: " + kind;
    }

    private @Nullable Duration retryAfter(FailureKind kind) {
        return kind == FailureKind.THROTTLED && random.nextInt(4) == 0
                ? Duration.ofSeconds(1 + random.nextInt(60))
                : null;
    }

    /** Calls so far. */
    int calls() {
        return calls;
    }
}
