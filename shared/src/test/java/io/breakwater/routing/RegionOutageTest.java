package io.breakwater.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.breakwater.health.DailyQuotaScope;
import io.breakwater.health.InMemoryRegionStore;
import io.breakwater.health.RegionRegistry;
import io.breakwater.health.RegionRule;
import io.breakwater.job.JobRequest;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import io.breakwater.model.ModelRequest;
import io.breakwater.model.ModelResult;
import io.breakwater.model.Usage;
import io.breakwater.pacing.Pacer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the router does while whole regions are unhealthy: it asks the breakers only. */
class RegionOutageTest {
    private static final Endpoint EAST_BIG = new Endpoint("us-east-1", "big", "big");
    private static final Endpoint EAST_SMALL = new Endpoint("us-east-1", "small", "small");
    private static final Endpoint EAST_TINY = new Endpoint("us-east-1", "tiny", "tiny");
    private static final Endpoint WEST_BIG = new Endpoint("us-west-2", "big", "big");
    private static final Endpoint WEST_SMALL = new Endpoint("us-west-2", "small", "small");
    private static final Chain CHAIN = new Chain(List.of(
            new Tier("primary", List.of(EAST_BIG, WEST_BIG), 4096, false),
            new Tier("fallback", List.of(EAST_SMALL, WEST_SMALL), 1024, false),
            new Tier("emergency", List.of(EAST_TINY), 256, true)));

    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private final Set<Endpoint> failing = new HashSet<>();
    private final List<Endpoint> calls = new ArrayList<>();
    private final InMemoryBreakerStore breakers = new InMemoryBreakerStore();
    private final FleetBreaker breaker =
            new FleetBreaker(BreakerSettings.DEFAULTS, breakers, () -> now, new Random(1), this::hear);
    private final RegionRegistry regions = new RegionRegistry(
            CHAIN.endpoints(),
            new RegionRule(DailyQuotaScope.ENDPOINT),
            breakers,
            new InMemoryRegionStore(),
            () -> now,
            breaker::loseRegion,
            _ -> {});
    private final Router router =
            new Router(CHAIN, CallSettings.DEFAULTS, breaker, Pacer.NONE, this::answer, () -> now, new Random(1));

    private void hear(Notice notice) {
        regions.on(notice);
    }

    @Test
    void trafficLeavesAnUnhealthyRegionWithoutTryingItsOtherEndpoints() {
        failing.addAll(List.of(EAST_BIG, EAST_SMALL, WEST_BIG));
        routeMany();
        assertThat(regions.health("us-east-1").isHealthy()).isFalse();
        assertThat(regions.health("us-west-2").isHealthy()).isTrue();
        calls.clear();

        failing.add(WEST_SMALL);
        route();

        assertThat(calls).containsExactly(WEST_SMALL);
    }

    @Test
    void whileEveryRegionIsUnhealthyItProbesAtHalfOpensPace() {
        failing.addAll(CHAIN.endpoints());
        routeMany();
        assertThat(regions.health("us-east-1").isHealthy()).isFalse();
        assertThat(regions.health("us-west-2").isHealthy()).isFalse();
        calls.clear();

        routeEverySecond(Duration.ofHours(1));

        // After a minute, and then after 2, 4, 8 and 15, plus up to a tenth and the second until the next job.
        assertThat(CHAIN.endpoints())
                .allSatisfy(endpoint -> assertThat(calls.stream().filter(endpoint::equals))
                        .as("probes of %s", endpoint)
                        .hasSizeBetween(5, 7));
    }

    @Test
    void comesBackFromATotalOutageThroughThoseProbes() {
        failing.addAll(CHAIN.endpoints());
        routeMany();
        failing.clear();

        routeEverySecond(Duration.ofMinutes(3));

        assertThat(route()).isInstanceOf(Routing.Served.class);
        assertThat(breaker.state(EAST_BIG).name()).isEqualTo("CLOSED");
        assertThat(regions.health("us-east-1").isHealthy()).isTrue();
    }

    /** Probes are jobs: a region that the chain has no need of is not looked at. */
    @Test
    void aRegionIsFoundHealthyWhenItIsNextNeeded() {
        failing.addAll(CHAIN.endpoints());
        routeMany();
        failing.clear();
        routeEverySecond(Duration.ofMinutes(10));
        assertThat(regions.health("us-west-2").isHealthy()).isFalse();

        failing.addAll(List.of(EAST_BIG, EAST_SMALL, EAST_TINY));
        routeEverySecond(Duration.ofMinutes(1));

        assertThat(regions.health("us-west-2").isHealthy()).isTrue();
    }

    /** Enough jobs at once to show of every failing endpoint that it fails, at little more than one call for each. */
    private void routeMany() {
        for (int job = 0; job < 100; job++) {
            route();
        }
    }

    private void routeEverySecond(Duration duration) {
        Instant end = now.plus(duration);
        while (now.isBefore(end)) {
            route();
            now = now.plusSeconds(1);
        }
    }

    private Routing route() {
        JobRequest request = JobRequest.of("hi");
        return router.route(request, Instant.MAX, now.plusSeconds(240));
    }

    private ModelResult answer(Endpoint endpoint, ModelRequest request, Duration timeout) {
        calls.add(endpoint);
        return failing.contains(endpoint)
                ? new ModelResult.Failure(FailureKind.SERVER_ERROR, "it failed", null)
                : new ModelResult.Reply("hello", new Usage(1, 2), "end_turn");
    }
}
