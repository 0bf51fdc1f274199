package io.breakwater.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.breakwater.job.Attempt;
import io.breakwater.job.Degradation;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobRequest.WhenUnavailable;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import io.breakwater.model.Message;
import io.breakwater.model.ModelRequest;
import io.breakwater.model.ModelResult;
import io.breakwater.model.Usage;
import io.breakwater.pacing.Measure;
import io.breakwater.pacing.Pacer;
import io.breakwater.pacing.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the router spends on a job beyond its first call, and what it does where an endpoint's pace has no room. */
class RetriesAndPaceTest {
    private static final Endpoint EAST = new Endpoint("us-east-1", "big", "big");
    private static final Endpoint WEST = new Endpoint("us-west-2", "big", "big");
    private static final Endpoint SMALL = new Endpoint("us-east-1", "small", "small");
    private static final Chain CHAIN = new Chain(List.of(
            new Tier("primary", List.of(EAST, WEST), 4096, false), new Tier("fallback", List.of(SMALL), 1024, false)));

    private final Map<Endpoint, FailureKind> failing = new HashMap<>();
    private final List<Endpoint> calls = new ArrayList<>();
    private final Map<Endpoint, Long> roomForTokens = new HashMap<>();
    private final Set<Endpoint> explained = new HashSet<>();
    private int turnsOut;
    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private final FleetBreaker breaker =
            new FleetBreaker(BreakerSettings.DEFAULTS, new InMemoryBreakerStore(), () -> now, new Random(1));
    private final Router router =
            new Router(CHAIN, CallSettings.DEFAULTS, breaker, pacer(), this::answer, () -> now, new Random(1));

    @Test
    void withEverythingFailingTheFleetMakesFewMoreCallsThanDeliveries() {
        List.of(EAST, WEST, SMALL).forEach(endpoint -> failing.put(endpoint, FailureKind.SERVER_ERROR));

        for (int delivery = 0; delivery < 1_000; delivery++) {
            router.route(request(true), Instant.MAX, now.plusSeconds(240));
            now = now.plusMillis(20);
            breaker.flushDue();
        }

        int toTrip = 3 * (BreakerSettings.DEFAULTS.minimumCalls() + BreakerSettings.DEFAULTS.consecutiveFailures());
        assertThat(calls).hasSizeLessThanOrEqualTo((int) (1.2 * 1_000) + toTrip);
    }

    @Test
    void aHealthyFallbackIsOpenToEveryThrottledJob() {
        failing.put(EAST, FailureKind.THROTTLED);
        explained.add(EAST);

        for (int delivery = 0; delivery < 100; delivery++) {
            assertThat(router.route(request(true), Instant.MAX, now.plusSeconds(240)))
                    .isInstanceOf(Routing.Served.class);
            now = now.plusMillis(100);
        }
        assertThat(calls).filteredOn(EAST::equals).hasSize(100);
    }

    @Test
    void aThrottleThatPaceExplainsDoesNotOpenTheBreaker() {
        failing.put(EAST, FailureKind.THROTTLED);
        explained.add(EAST);

        callOften(50);

        assertThat(breaker.state(EAST).name()).isEqualTo("CLOSED");
    }

    @Test
    void aThrottleThatPaceDoesNotExplainOpensIt() {
        failing.put(EAST, FailureKind.THROTTLED);

        callOften(50);

        assertThat(breaker.state(EAST).name()).isEqualTo("OPEN");
    }

    @Test
    void whereTokensAreShortTheSameModelServesWithTheNextTiersTokens() {
        roomForTokens.put(EAST, 2_000L);
        roomForTokens.put(WEST, 100L);

        Routing.Served served = (Routing.Served) router.route(request(true), Instant.MAX, now.plusSeconds(240));

        assertThat(served.servedBy().model()).isEqualTo("big");
        assertThat(served.servedBy().tier()).isEqualTo("primary");
        assertThat(served.degradation()).isEqualTo(new Degradation(null, 1024, null));
        assertThat(served.attempts()).extracting(Attempt::maxTokens).containsExactly(1024);
    }

    @Test
    void aJobThatIsNotToBeDegradedKeepsItsTokensAndWaits() {
        roomForTokens.put(EAST, 2_000L);
        roomForTokens.put(WEST, 2_000L);

        Routing.Unavailable unavailable =
                (Routing.Unavailable) router.route(request(false), Instant.MAX, now.plusSeconds(240));

        assertThat(calls).isEmpty();
        assertThat(unavailable.retryAt()).isEqualTo(now.plusSeconds(3));
        assertThat(unavailable.detail()).contains("us-east-1/big has no room within its pace");
    }

    @Test
    void aJobOverThePaceGoesToTheNextTier() {
        roomForTokens.put(EAST, 0L);
        roomForTokens.put(WEST, 0L);

        Routing.Served served = (Routing.Served) router.route(request(true), Instant.MAX, now.plusSeconds(240));

        assertThat(served.servedBy().tier()).isEqualTo("fallback");
        assertThat(calls).containsExactly(SMALL);
    }

    @Test
    void aTurnThatTheBreakerRefusesIsGivenBack() {
        failing.put(EAST, FailureKind.TIMEOUT);
        callOften(30);
        turnsOut = 0;

        router.route(request(true), Instant.MAX, now.plusSeconds(240));

        assertThat(turnsOut).isZero();
    }

    private void callOften(int times) {
        for (int call = 0; call < times; call++) {
            router.route(request(true), Instant.MAX, now.plusSeconds(240));
            now = now.plusMillis(500);
            breaker.flushDue();
        }
    }

    private Pacer pacer() {
        return (endpoint, tokens) -> {
            if (tokens > roomForTokens.getOrDefault(endpoint, Long.MAX_VALUE)) {
                return new Turn.TooFast(Measure.TOKENS, now.plusSeconds(3));
            }
            turnsOut++;
            return new Turn.Taken() {
                @Override
                public Duration spacing() {
                    return Duration.ZERO;
                }

                @Override
                public void giveBack() {
                    turnsOut--;
                }

                @Override
                public void used(long used) {
                    turnsOut--;
                }

                @Override
                public boolean throttled(Measure measure) {
                    turnsOut--;
                    return explained.contains(endpoint);
                }
            };
        };
    }

    private ModelResult answer(Endpoint endpoint, ModelRequest request, Duration timeout) {
        calls.add(endpoint);
        FailureKind kind = failing.get(endpoint);
        return kind == null
                ? new ModelResult.Reply("hello", new Usage(1, 2), "end_turn")
                : new ModelResult.Failure(kind, "it failed", null);
    }

    private static JobRequest request(boolean allowDegraded) {
        return new JobRequest(
                List.of(new Message(Message.Role.USER, "hi")),
                null,
                null,
                null,
                List.of(),
                allowDegraded,
                WhenUnavailable.QUEUE,
                JobRequest.DEFAULT_DEADLINE_SECONDS,
                Map.of());
    }
}
