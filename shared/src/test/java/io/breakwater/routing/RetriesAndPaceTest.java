package io.breakwater.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.breakwater.breaker.StateOverride;
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
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the router spends on a job beyond its first call, and what it does where an endpoint's pace has no room. */
class RetriesAndPaceTest {
    private static final Endpoint EAST = new Endpoint("us-east-1", "big", "big");
    private static final Endpoint WEST = new Endpoint("us-west-2", "big", "big");
    private static final Endpoint SMALL = new Endpoint("us-east-1", "small", "small");
    private static final Chain CHAIN = new Chain(List.of(
            new Tier("primary", List.of(EAST, WEST), 4096, false), new Tier("fallback", List.of(SMALL), 1024, false)));

    /** By which no breaker opens: then the retry budget is all that bounds the calls. */
    private static final BreakerSettings NEVER_OPEN = breaker(Integer.MAX_VALUE, BreakerSettings.Mode.ENFORCE);

    /** Opened or not, it stands in nobody's way. */
    private static final BreakerSettings SHADOW = breaker(10, BreakerSettings.Mode.SHADOW);

    private static BreakerSettings breaker(int calls, BreakerSettings.Mode mode) {
        return new BreakerSettings(
                calls == Integer.MAX_VALUE ? 1 : 0.3,
                Duration.ofMinutes(1),
                calls,
                calls,
                Duration.ofMinutes(1),
                Duration.ofMinutes(15),
                List.of(1),
                0,
                Optional.empty(),
                mode);
    }

    /** Calls that a {@link RetryBudget} pays for when it is full. */
    private static final int SAVED_UP = 10;

    private final Map<Endpoint, FailureKind> failing = new HashMap<>();
    private int failingOneIn = 1;
    private final List<Endpoint> calls = new ArrayList<>();
    private final Map<Endpoint, Long> roomForTokens = new HashMap<>();
    private final Set<Endpoint> explained = new HashSet<>();
    private int turnsOut;
    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private final FleetBreaker breaker = breaker(BreakerSettings.DEFAULTS);
    private final Router router = router(breaker);

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whereNoBreakerOpensTheBudgetKeepsCallsToAFifthMoreThanDeliveries(int oneIn) {
        failingOneIn = oneIn;
        CHAIN.endpoints().forEach(endpoint -> failing.put(endpoint, FailureKind.SERVER_ERROR));
        FleetBreaker neverOpen = breaker(NEVER_OPEN);
        Router unprotected = router(neverOpen);

        for (int delivery = 0; delivery < 1_000; delivery++) {
            unprotected.route(request(true), Instant.MAX, now.plusSeconds(240));
            now = now.plusMillis(20);
            neverOpen.flushDue();
        }

        assertThat(calls).hasSizeBetween(1_200, 1_200 + SAVED_UP);
        assertThat(CHAIN.endpoints())
                .allSatisfy(
                        endpoint -> assertThat(neverOpen.state(endpoint).name()).isEqualTo("CLOSED"));
    }

    @Test
    void inShadowTheBudgetKeepsThemToThatTooThoughItsBreakersOpen() {
        CHAIN.endpoints().forEach(endpoint -> failing.put(endpoint, FailureKind.SERVER_ERROR));
        FleetBreaker shadow = breaker(SHADOW);
        Router unprotected = router(shadow);

        for (int delivery = 0; delivery < 1_000; delivery++) {
            unprotected.route(request(true), Instant.MAX, now.plusSeconds(240));
            now = now.plusMillis(20);
            shadow.flushDue();
        }

        assertThat(shadow.state(EAST).name()).isEqualTo("OPEN");
        assertThat(calls).hasSizeBetween(1_200, 1_200 + SAVED_UP);
    }

    @Test
    void withoutABudgetAJobWaitsThoughAnEndpointIsClosed() {
        CHAIN.endpoints().forEach(endpoint -> failing.put(endpoint, FailureKind.SERVER_ERROR));
        router.route(request(true), Instant.MAX, now.plusSeconds(240));
        calls.clear();

        Routing.Unavailable unavailable =
                (Routing.Unavailable) router.route(request(true), Instant.MAX, now.plusSeconds(240));

        assertThat(calls).containsExactly(EAST);
        assertThat(breaker.state(WEST).name()).isEqualTo("CLOSED");
        assertThat(unavailable.budgetUsedUp()).isTrue();
        assertThat(unavailable.retryAt()).isEqualTo(now.plusSeconds(15));
    }

    @Test
    void aProbeIsFree() {
        failing.put(EAST, FailureKind.SERVER_ERROR);
        breaker.override(WEST, new StateOverride.ForceOpen("test", now.plusSeconds(1)));
        now = now.plusSeconds(1);

        Routing.Served served = (Routing.Served) router.route(request(true), Instant.MAX, now.plusSeconds(240));

        assertThat(served.servedBy().region()).isEqualTo("us-west-2");
        assertThat(breaker.state(WEST).name()).isEqualTo("HALF_OPEN");
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

    private FleetBreaker breaker(BreakerSettings settings) {
        return new FleetBreaker(settings, new InMemoryBreakerStore(), () -> now, new Random(1));
    }

    private Router router(FleetBreaker asked) {
        return new Router(CHAIN, CallSettings.DEFAULTS, asked, pacer(), this::answer, () -> now, new Random(1));
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
        return kind == null || (Collections.frequency(calls, endpoint) - 1) % failingOneIn != 0
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
