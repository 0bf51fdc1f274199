package io.breakwater.health;

import io.breakwater.breaker.BreakerState;
import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.BreakerState.HalfOpen;
import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.breaker.BreakerState.Outage;
import io.breakwater.health.RegionHealth.State;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * When a region counts as unhealthy. Pure.
 *
 * <p>An endpoint is <b>evidence</b> when it is out, however long its recovery takes, and the failures that put it out are
 * such as a region has: server errors, timeouts and, where a daily quota is the region's, that. An endpoint put out by its
 * region or by an operator is none, or a region would prove itself unhealthy.
 *
 * <ul>
 *   <li>A region becomes UNHEALTHY when there is evidence at two endpoints, or at all that it has; of a region's daily
 *       quota one is enough. Only outages since the region was last declared HEALTHY count: what is left of an earlier
 *       trouble and one new failure are not two.
 *   <li>It is HEALTHY again when an endpoint has been closed since, by its probes or by an operator: the other endpoints
 *       then recover through their own stages. Or when too little evidence is left, because an operator took it over.
 * </ul>
 *
 * <p>All of this is read from what stands in the store, not from who saw what happen: whoever judges next comes to the
 * same answer, so a worker may die at any point. For the same reason a region changes as of the time of the outage or
 * recovery that it was judged by, not of the judgement: however late that is, the order of the two stands.
 */
public record RegionRule(DailyQuotaScope dailyQuotaScope) {
    private static final int ENDPOINTS_OF_EVIDENCE = 2;

    private record Evidence(Endpoint endpoint, Instant since, FailureKind kind) {}

    /**
     * What the region's health is, given the states of all its endpoints: {@code known}, or the transition to make.
     *
     * @param now for a transition that nothing in the states gives a time to
     */
    public RegionHealth judge(RegionHealth known, Map<Endpoint, BreakerState> breakers, Instant now) {
        return known.isHealthy() ? judgeHealthy(known, breakers) : judgeUnhealthy(known, breakers, now);
    }

    private RegionHealth judgeHealthy(RegionHealth known, Map<Endpoint, BreakerState> breakers) {
        List<Evidence> evidence = evidence(breakers, known.since());
        if (!isEnough(evidence, breakers.size())) {
            return known;
        }
        Instant latest = evidence.stream()
                .map(Evidence::since)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return lastClosed(breakers, latest).isPresent() ? known : known.next(State.UNHEALTHY, latest, reason(evidence));
    }

    private RegionHealth judgeUnhealthy(RegionHealth known, Map<Endpoint, BreakerState> breakers, Instant now) {
        Optional<Map.Entry<Endpoint, BreakerState>> back = lastClosed(breakers, known.since());
        if (back.isPresent()) {
            return known.next(
                    State.HEALTHY, back.get().getValue().since(), back.get().getKey() + " is closed again");
        }
        return isEnough(evidence(breakers, Instant.EPOCH), breakers.size())
                ? known
                : known.next(
                        State.HEALTHY,
                        now.isAfter(known.since()) ? now : known.since(),
                        "too few of its endpoints are out by failures of the region");
    }

    private List<Evidence> evidence(Map<Endpoint, BreakerState> breakers, Instant first) {
        return breakers.entrySet().stream()
                .flatMap(breaker -> evidence(breaker.getKey(), breaker.getValue()).stream())
                .filter(evidence -> !evidence.since().isBefore(first))
                .toList();
    }

    private Optional<Evidence> evidence(Endpoint endpoint, BreakerState state) {
        Optional<Outage> outage = switch (state) {
            case Closed _ -> Optional.empty();
            case Open open -> Optional.of(open.outage());
            case HalfOpen halfOpen -> Optional.of(halfOpen.outage());
        };
        return outage.flatMap(
                out -> out.kind().filter(this::isRegional).map(kind -> new Evidence(endpoint, out.since(), kind)));
    }

    private boolean isRegional(FailureKind kind) {
        return switch (kind) {
            case SERVER_ERROR, TIMEOUT -> true;
            case DAILY_QUOTA -> dailyQuotaScope == DailyQuotaScope.REGION;
            case THROTTLED, MALFORMED, CALLER_FAULT, ACCESS_DENIED, END_OF_LIFE -> false;
        };
    }

    private static boolean isEnough(List<Evidence> evidence, int endpoints) {
        return evidence.size() >= Math.clamp(endpoints, 1, ENDPOINTS_OF_EVIDENCE)
                || evidence.stream().anyMatch(one -> one.kind() == FailureKind.DAILY_QUOTA);
    }

    /** The endpoint that was closed last, if that was after {@code time}. */
    private static Optional<Map.Entry<Endpoint, BreakerState>> lastClosed(
            Map<Endpoint, BreakerState> breakers, Instant time) {
        return breakers.entrySet().stream()
                .filter(breaker -> breaker.getValue() instanceof Closed closed
                        && closed.since().isAfter(time))
                .max(Comparator.comparing(breaker -> breaker.getValue().since()));
    }

    private static String reason(List<Evidence> evidence) {
        return evidence.stream().map(one -> one.endpoint() + " " + one.kind()).collect(Collectors.joining(", "));
    }
}
