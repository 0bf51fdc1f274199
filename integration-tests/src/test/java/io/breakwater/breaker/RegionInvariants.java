package io.breakwater.breaker;

import static java.util.Objects.requireNonNull;

import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.BreakerState.HalfOpen;
import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.health.DailyQuotaScope;
import io.breakwater.health.RegionHealth;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import io.breakwater.simulation.Hits;
import io.breakwater.simulation.VirtualTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What must hold of a simulated fleet's regions after every event, judged by one who sees each transition when the store
 * takes it, and each call as it really ends.
 */
final class RegionInvariants {
    private final DailyQuotaScope quotaScope;
    private final Weather weather;
    private final VirtualTime time;
    private final Hits hits;
    private final Map<String, Seen> regions = new LinkedHashMap<>();
    private final Map<Endpoint, Failures> failures = new HashMap<>();

    RegionInvariants(
            Collection<Endpoint> fleet, DailyQuotaScope quotaScope, Weather weather, VirtualTime time, Hits hits) {
        this.quotaScope = quotaScope;
        this.weather = weather;
        this.time = time;
        this.hits = hits;
        fleet.stream()
                .collect(Collectors.groupingBy(Endpoint::region))
                .forEach((region, endpoints) -> regions.put(region, new Seen(region, endpoints)));
        fleet.forEach(endpoint -> failures.put(endpoint, new Failures()));
    }

    /**
     * What the fleet has to cope with.
     *
     * @param skewMillis how far its workers' clocks are apart at most
     * @param debtMillis how long a region may be owed a change
     * @param judgementMillis how long after what it has read a judgement may still write
     */
    record Weather(long skewMillis, long debtMillis, long judgementMillis) {
        /** Of two things that far apart, the clocks of those who did them agree which was first. */
        long marginMillis() {
            return skewMillis + 1_000;
        }
    }

    /** All that happened to one region. */
    private final class Seen {
        private final List<Endpoint> endpoints;
        private final RegionTruth truth;
        private final Set<Long> announced = new HashSet<>();
        private Optional<String> owed = Optional.empty();
        private long owedSince;
        private long lastUnhealthy = RegionTruth.NEVER;

        private Seen(String region, List<Endpoint> endpoints) {
            this.endpoints = endpoints;
            this.truth = new RegionTruth(region, endpoints, quotaScope, weather.marginMillis());
        }

        private void changed() {
            Optional<String> now = truth.owed();
            if (!now.equals(owed)) {
                owed = now;
                owedSince = time.millis();
            }
        }

        private boolean wasUnhealthyLately() {
            return !truth.health().isHealthy() || time.millis() - lastUnhealthy <= weather.judgementMillis();
        }
    }

    /** How one endpoint's calls fail. */
    private static final class Failures {
        private boolean anyOfARegion;
        private long lastEvidence = RegionTruth.NEVER;
    }

    private Seen seen(String region) {
        return requireNonNull(regions.get(region));
    }

    private Failures failures(Endpoint endpoint) {
        return requireNonNull(failures.get(endpoint));
    }

    /** A call ended with this failure. */
    void failed(Endpoint endpoint, FailureKind kind) {
        if (seen(endpoint.region()).truth.isRegional(kind)) {
            failures(endpoint).anyOfARegion = true;
        }
    }

    /** The store took an endpoint's transition. */
    void moved(Endpoint endpoint, BreakerState from, BreakerState to) {
        if (from.epoch() == to.epoch()) {
            return;
        }
        Seen seen = seen(endpoint.region());
        Failures own = failures(endpoint);
        if (seen.truth.isEvidence(endpoint)) {
            own.lastEvidence = time.millis();
        }
        seen.truth.moved(endpoint, to, time.millis());
        if (from instanceof Closed) {
            require(
                    own.anyOfARegion || !seen.truth.isEvidence(endpoint),
                    () -> endpoint + " opened by failures that it did not have: " + to);
        }
        if (to instanceof Closed && !(from instanceof Closed)) {
            own.anyOfARegion = false;
        }
        if (to instanceof Open open && open.reason() == OpenReason.REGION) {
            require(seen.wasUnhealthyLately(), () -> endpoint + " opened for a region that is healthy");
        }
        seen.changed();
    }

    /** The store took a region's record. */
    void stored(RegionHealth to) {
        Seen seen = seen(to.region());
        RegionHealth from = seen.truth.health();
        require(
                to.epoch() == from.epoch() + 1,
                () -> "a region's epoch %d was written over epoch %d".formatted(to.epoch(), from.epoch()));
        require(to.state() != from.state(), () -> "%s followed %s".formatted(to, from));
        hits.hit("region " + from.state() + " → " + to.state());
        if (to.isHealthy()) {
            seen.lastUnhealthy = time.millis();
        } else {
            require(hadEvidence(seen), () -> "a region was lost by its endpoints' own failures: " + to);
        }
        seen.truth.stored(to);
        seen.changed();
    }

    /** Whether as many endpoints as it takes were out by failures of a region when the judgement may have looked. */
    private boolean hadEvidence(Seen seen) {
        long evidence = seen.endpoints.stream()
                .filter(endpoint -> seen.truth.isEvidence(endpoint)
                        || time.millis() - failures(endpoint).lastEvidence <= weather.judgementMillis())
                .count();
        return evidence >= (quotaScope == DailyQuotaScope.REGION ? 1 : seen.truth.endpointsOfEvidence());
    }

    void announced(RegionHealth health) {
        require(
                seen(health.region()).announced.add(health.epoch()),
                () -> "the region's transition was told twice: " + health);
    }

    /**
     * A worker is about to judge, having heard this. To be run when it has: if every request was answered and nothing
     * changed meanwhile, the region is owed nothing then.
     */
    Runnable judgement(SimulatedWorker worker, Notice notice) {
        if (!callsForJudgement(notice)) {
            return () -> {};
        }
        Seen seen = seen(notice.endpoint().region());
        int changes = seen.truth.changes();
        int unanswered = worker.unanswered();
        boolean leftUndone = notice instanceof Notice.StillOpen && seen.owed.isPresent();
        return () -> {
            if (changes == seen.truth.changes() && unanswered == worker.unanswered()) {
                require(
                        seen.owed.isEmpty(),
                        () -> "%s judged, but the region is still owed %s: %s, %s"
                                .formatted(worker, seen.owed.orElseThrow(), notice, seen.truth));
            }
            if (leftUndone && seen.owed.isEmpty()) {
                hits.hit("region judged by one, as another left it undone");
            }
        };
    }

    /** Whether the notice calls for a judgement, whatever the worker's clock says. */
    private boolean callsForJudgement(Notice notice) {
        return switch (notice) {
            case Notice.Moved moved ->
                switch (moved.state()) {
                    case Closed _ -> true;
                    case Open open -> open.reason() != OpenReason.REGION;
                    case HalfOpen _ -> false;
                };
            case Notice.StillOpen stillOpen ->
                time.millis() + weather.skewMillis() < stillOpen.state().until().toEpochMilli();
            default -> false;
        };
    }

    /** To be called whenever time has passed. */
    void tick() {
        for (Seen seen : regions.values()) {
            require(
                    seen.owed.isEmpty() || time.millis() - seen.owedSince <= weather.debtMillis(),
                    () -> "for %d ms a region has been owed %s: %s"
                            .formatted(time.millis() - seen.owedSince, seen.owed.orElseThrow(), seen.truth));
        }
    }

    /** The region's record. */
    RegionHealth health(String region) {
        return seen(region).truth.health();
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }
}
