package io.breakwater.breaker;

import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.BreakerState.HalfOpen;
import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.breaker.BreakerState.Outage;
import io.breakwater.health.DailyQuotaScope;
import io.breakwater.health.RegionHealth;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One region as the store has it, with the true times at which that came to be, and what should follow from it.
 *
 * <p>The region is <b>owed</b> a change when its record is not what its endpoints' states make it, or when it is unhealthy
 * and one of them is closed: by a margin that leaves no excuse to a clock that is off or a request that was slow.
 */
final class RegionTruth {
    /** Long before anything. */
    static final long NEVER = Long.MIN_VALUE / 2;

    private final DailyQuotaScope quotaScope;
    private final long marginMillis;
    private final Map<Endpoint, Seen> endpoints = new LinkedHashMap<>();
    private RegionHealth health;
    private int changes;

    RegionTruth(String region, Collection<Endpoint> endpoints, DailyQuotaScope quotaScope, long marginMillis) {
        this.quotaScope = quotaScope;
        this.marginMillis = marginMillis;
        this.health = RegionHealth.initial(region);
        endpoints.forEach(endpoint -> this.endpoints.put(endpoint, new Seen(BreakerState.INITIAL, NEVER, NEVER, true)));
    }

    /**
     * One endpoint.
     *
     * @param at when the store took this state
     * @param outAt when the store took the state in which its outage began
     * @param isPrompt whether it took both about when they were decided
     */
    private record Seen(BreakerState state, long at, long outAt, boolean isPrompt) {
        Seen next(BreakerState to, long now, long marginMillis) {
            boolean goesOn = outage(to).map(Outage::since).equals(outage(state).map(Outage::since));
            boolean prompt = Math.abs(to.since().toEpochMilli() - now) < marginMillis;
            return new Seen(to, now, goesOn ? outAt : now, prompt && (isPrompt || !goesOn));
        }

        boolean isClosed() {
            return state instanceof Closed;
        }
    }

    private static Optional<Outage> outage(BreakerState state) {
        return switch (state) {
            case Closed _ -> Optional.empty();
            case Open open -> Optional.of(open.outage());
            case HalfOpen halfOpen -> Optional.of(halfOpen.outage());
        };
    }

    void moved(Endpoint endpoint, BreakerState to, long now) {
        endpoints.computeIfPresent(endpoint, (_, seen) -> seen.next(to, now, marginMillis));
        changes++;
    }

    void stored(RegionHealth next) {
        health = next;
        changes++;
    }

    RegionHealth health() {
        return health;
    }

    /** Rises with each transition of the region and of its endpoints. */
    int changes() {
        return changes;
    }

    boolean isEvidence(Endpoint endpoint) {
        Seen seen = endpoints.get(endpoint);
        return seen != null && isEvidence(seen);
    }

    /** How many endpoints must be out for the region to be lost. */
    int endpointsOfEvidence() {
        return Math.min(2, endpoints.size());
    }

    /** What must be done about it; empty when nothing must, for certain. */
    Optional<String> owed() {
        if (!endpoints.values().stream().allMatch(Seen::isPrompt)) {
            return Optional.empty();
        }
        return health.isHealthy() ? owedWhenHealthy() : owedWhenUnhealthy();
    }

    private Optional<String> owedWhenHealthy() {
        List<Seen> evidence = endpoints.values().stream()
                .filter(this::isEvidence)
                .filter(seen -> isAfter(seen.outAt(), health.since()))
                .toList();
        long latest = evidence.stream().mapToLong(Seen::outAt).max().orElse(NEVER);
        boolean closedBefore =
                endpoints.values().stream().filter(Seen::isClosed).allMatch(seen -> seen.at() + marginMillis < latest);
        return isEnough(evidence) && closedBefore ? Optional.of("to be UNHEALTHY") : Optional.empty();
    }

    private Optional<String> owedWhenUnhealthy() {
        if (endpoints.values().stream().anyMatch(seen -> seen.isClosed() && isAfter(seen.at(), health.since()))) {
            return Optional.of("to be HEALTHY, as one is closed again");
        }
        if (!isEnough(endpoints.values().stream().filter(this::isEvidence).toList())) {
            return Optional.of("to be HEALTHY, as too little speaks against it");
        }
        return endpoints.values().stream().anyMatch(this::isLeftClosed)
                ? Optional.of("to have its closed endpoints opened")
                : Optional.empty();
    }

    private boolean isLeftClosed(Seen seen) {
        return seen.state() instanceof Closed closed && closed.pinned().isEmpty();
    }

    private boolean isAfter(long millis, Instant since) {
        return millis > since.toEpochMilli() + marginMillis;
    }

    private boolean isEvidence(Seen seen) {
        return kind(seen).filter(this::isRegional).isPresent();
    }

    private static Optional<FailureKind> kind(Seen seen) {
        return outage(seen.state()).flatMap(Outage::kind);
    }

    private boolean isEnough(List<Seen> evidence) {
        return evidence.size() >= endpointsOfEvidence()
                || evidence.stream().anyMatch(seen -> kind(seen).equals(Optional.of(FailureKind.DAILY_QUOTA)));
    }

    /** Failures such as a region has. */
    boolean isRegional(FailureKind kind) {
        return kind == FailureKind.SERVER_ERROR
                || kind == FailureKind.TIMEOUT
                || (kind == FailureKind.DAILY_QUOTA && quotaScope == DailyQuotaScope.REGION);
    }

    @Override
    public String toString() {
        return health + " of " + endpoints;
    }
}
