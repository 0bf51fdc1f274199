package io.breakwater.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.breakwater.job.Attempt;
import io.breakwater.job.Degradation;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobRequest.WhenUnavailable;
import io.breakwater.job.ServedBy;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import io.breakwater.model.Message;
import io.breakwater.model.ModelRequest;
import io.breakwater.model.ModelResult;
import io.breakwater.model.Usage;
import io.breakwater.pacing.Pacer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RouterTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Endpoint EAST = new Endpoint("us-east-1", "big", "big");
    private static final Endpoint WEST = new Endpoint("us-west-2", "big", "big");
    private static final Endpoint SMALL = new Endpoint("us-east-1", "small", "small");
    private static final Endpoint TINY = new Endpoint("us-east-1", "tiny", "tiny");
    private static final Chain CHAIN = new Chain(List.of(
            new Tier("primary", List.of(EAST, WEST), 4096, false),
            new Tier("fallback", List.of(SMALL), 1024, false),
            new Tier("emergency", List.of(TINY), 256, true)));

    private final Map<Endpoint, FailureKind> failing = new HashMap<>();
    private final List<Call> calls = new ArrayList<>();
    private final InstantSource clock = () -> NOW;
    private final FleetBreaker breaker =
            new FleetBreaker(BreakerSettings.DEFAULTS, new InMemoryBreakerStore(), clock, new Random(1));

    private record Call(Endpoint endpoint, ModelRequest request, Duration timeout) {}

    @Test
    void aHealthyPrimaryServesWithoutDegradation() {
        Routing.Served served = served(request(null, true));

        assertThat(served.servedBy()).isEqualTo(new ServedBy("us-east-1", "big", "primary"));
        assertThat(served.degradation()).isNull();
        assertThat(served.attempts()).containsExactly(new Attempt("us-east-1/big", "primary", "SUCCESS", NOW, 0, 4096));
    }

    @Test
    void goesToTheSameModelInAnotherRegionFirst() {
        failing.put(EAST, FailureKind.THROTTLED);

        Routing.Served served = served(request(null, true));

        assertThat(served.servedBy().region()).isEqualTo("us-west-2");
        assertThat(served.degradation()).isNull();
        assertThat(served.attempts()).extracting(Attempt::outcome).containsExactly("THROTTLED", "SUCCESS");
    }

    @Test
    void fallsBackWithTheLowerTiersTokens() {
        failing.put(EAST, FailureKind.THROTTLED);
        failing.put(WEST, FailureKind.THROTTLED);

        Routing.Served served = served(request(null, true));

        assertThat(served.degradation()).isEqualTo(new Degradation("fallback", 1024, null));
        assertThat(calls.getLast().request().maxTokens()).isEqualTo(1024);
    }

    @Test
    void aJobThatAsksForLessThanALowerTierGivesLosesNoTokens() {
        failing.put(EAST, FailureKind.THROTTLED);
        failing.put(WEST, FailureKind.THROTTLED);

        Routing.Served served = served(request(100, true));

        assertThat(served.degradation()).isEqualTo(new Degradation("fallback", null, null));
        assertThat(calls).extracting(call -> call.request().maxTokens()).containsOnly(100);
    }

    @Test
    void theLastTierAsksForASimpleAnswerAndSkipsWhatIsOpen() {
        List.of(EAST, WEST, SMALL).forEach(this::open);

        Routing.Served served = served(request(null, true));

        assertThat(served.degradation()).isEqualTo(new Degradation("emergency", 256, true));
        assertThat(served.attempts()).hasSize(1);
        assertThat(calls.getLast().request().system()).isEqualTo("Be kind.\n\nAnswer briefly and in simple words.");
    }

    @Test
    void makesThreeCallsAtMost() {
        CHAIN.endpoints().forEach(endpoint -> failing.put(endpoint, FailureKind.SERVER_ERROR));

        Routing.Unavailable unavailable = unavailable(request(null, true));

        assertThat(calls).hasSize(3);
        assertThat(unavailable.retryAt()).isEqualTo(NOW.plusSeconds(15));
    }

    @Test
    void callsNobodyWhileAllIsOpenAndSaysWhenToTryAgain() {
        CHAIN.endpoints().forEach(this::open);

        Routing.Unavailable unavailable = unavailable(request(null, true));

        assertThat(calls).isEmpty();
        assertThat(unavailable.attempts()).isEmpty();
        assertThat(unavailable.retryAt()).isBetween(NOW.plusSeconds(60), NOW.plusSeconds(66));
        assertThat(unavailable.detail()).contains("us-west-2/big is OPEN").contains("us-east-1/tiny is OPEN");
    }

    @Test
    void staysInTheFirstTierWhenDegradationIsNotAllowed() {
        failing.put(EAST, FailureKind.THROTTLED);
        failing.put(WEST, FailureKind.THROTTLED);

        unavailable(request(null, false));

        assertThat(calls).extracting(Call::endpoint).containsExactly(EAST, WEST);
    }

    @Test
    void aCallersFaultEndsTheJobAtItsFirstCallAndCountsAgainstNobody() {
        failing.put(EAST, FailureKind.CALLER_FAULT);

        Routing routing = route(request(null, true));

        assertThat(routing).isInstanceOf(Routing.Rejected.class);
        assertThat(calls).hasSize(1);
        breaker.flush();
        assertThat(breaker.state(EAST).epoch()).isZero();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CALLER_FAULT")
    void everyOtherFailureGoesOnToTheNextEndpoint(FailureKind kind) {
        failing.put(EAST, kind);

        assertThat(served(request(null, true)).servedBy().region()).isEqualTo("us-west-2");
    }

    @Test
    void aDeadModelCostsOneCallNotAnOutage() {
        failing.put(EAST, FailureKind.END_OF_LIFE);

        for (int job = 0; job < 10; job++) {
            served(request(null, true));
        }

        assertThat(calls).filteredOn(call -> call.endpoint().equals(EAST)).hasSize(1);
    }

    @Test
    void noCallOutlivesTheInvocation() {
        router().route(request(null, true), Instant.MAX, NOW.plusSeconds(7));

        assertThat(calls.getFirst().timeout()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void beginsNoCallWithoutTimeForIt() {
        Routing routing = router().route(request(null, true), Instant.MAX, NOW.plusMillis(500));

        assertThat(routing).isInstanceOf(Routing.Unavailable.class);
        assertThat(calls).isEmpty();
    }

    @Test
    void beginsNoCallWhenNobodyWaitsForItsAnswer() {
        Routing routing = router().route(request(null, true), NOW, NOW.plusSeconds(240));

        assertThat(routing).isInstanceOf(Routing.Unavailable.class);
        assertThat(calls).isEmpty();
    }

    @Test
    void anInterruptedCallFreesItsPermitAndCountsAgainstNobody() {
        Router router = new Router(
                CHAIN,
                CallSettings.DEFAULTS,
                breaker,
                Pacer.NONE,
                (_, _, _) -> {
                    throw new CancellationException("interrupted");
                },
                clock,
                new Random(1));

        assertThatThrownBy(() -> router.route(request(null, true), Instant.MAX, NOW.plusSeconds(60)))
                .isInstanceOf(CancellationException.class);

        breaker.flush();
        assertThat(breaker.state(EAST).epoch()).isZero();
    }

    private void open(Endpoint endpoint) {
        failing.put(endpoint, FailureKind.TIMEOUT);
        Router alone = new Router(
                new Chain(List.of(new Tier("only", List.of(endpoint), 10, false))),
                CallSettings.DEFAULTS,
                breaker,
                Pacer.NONE,
                this::answer,
                clock,
                new Random(1));
        for (int call = 0; call < 10; call++) {
            alone.route(request(null, true), Instant.MAX, NOW.plusSeconds(60));
        }
        failing.remove(endpoint);
        calls.clear();
    }

    private Routing.Served served(JobRequest request) {
        Routing routing = route(request);
        assertThat(routing).isInstanceOf(Routing.Served.class);
        return (Routing.Served) routing;
    }

    private Routing.Unavailable unavailable(JobRequest request) {
        Routing routing = route(request);
        assertThat(routing).isInstanceOf(Routing.Unavailable.class);
        return (Routing.Unavailable) routing;
    }

    private Routing route(JobRequest request) {
        return router().route(request, Instant.MAX, NOW.plusSeconds(240));
    }

    private Router router() {
        return new Router(CHAIN, CallSettings.DEFAULTS, breaker, Pacer.NONE, this::answer, clock, new Random(1));
    }

    private ModelResult answer(Endpoint endpoint, ModelRequest request, Duration timeout) {
        calls.add(new Call(endpoint, request, timeout));
        FailureKind kind = failing.get(endpoint);
        return kind == null
                ? new ModelResult.Reply("hello", new Usage(1, 2), "end_turn")
                : new ModelResult.Failure(kind, "it failed", null);
    }

    private static JobRequest request(@Nullable Integer maxTokens, boolean allowDegraded) {
        return new JobRequest(
                List.of(new Message(Message.Role.USER, "hi")),
                "Be kind.",
                maxTokens,
                null,
                List.of(),
                allowDegraded,
                WhenUnavailable.QUEUE,
                JobRequest.DEFAULT_DEADLINE_SECONDS,
                Map.of());
    }
}
