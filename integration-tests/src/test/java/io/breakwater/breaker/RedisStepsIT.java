package io.breakwater.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.BreakerState.HalfOpen;
import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.breaker.BreakerState.Outage;
import io.breakwater.breaker.BreakerState.Slot;
import io.breakwater.breaker.BreakerStore.Answer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.RedisClient;

/** Pins the conditions of {@code apply.lua}, one by one: a change here is a change of the protocol. */
@EnabledIf(value = RedisServer.INSTALLED, disabledReason = RedisServer.MISSING)
class RedisStepsIT {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Outage OUTAGE = new Outage(NOW, Optional.empty(), 0);
    private static final AtomicInteger ENDPOINTS = new AtomicInteger();

    private static final Slot OTHERS = new Slot.Held("other", NOW.plusMillis(1));
    private static final Slot.Held MINE = new Slot.Held("mine", NOW.plusSeconds(10));
    private static final Slot SUCCEEDED = new Slot.Succeeded(Duration.ofMillis(1500));

    private static final BreakerState CLOSED = new Closed(
            1,
            NOW,
            new Window(new TreeMap<>(Map.of(80L, new Counts(9, 3))), 3, Optional.empty()),
            Optional.empty(),
            Optional.empty());
    private static final BreakerState RAMPING =
            new Closed(1, NOW, Window.EMPTY, Optional.empty(), Optional.of(new Ramp(Duration.ofSeconds(10), 6)));
    private static final BreakerState OPEN =
            new Open(1, NOW, NOW.plusSeconds(60), OpenReason.FAILURE_RATE, "3 of 10", OUTAGE);

    private static RedisServer server;
    private static RedisClient client;
    private static RedisBreakerStore store;

    private final String endpoint = "us-east-1/model-" + ENDPOINTS.incrementAndGet();

    @BeforeAll
    static void startServer() throws IOException {
        server = RedisServer.start();
        client = RedisConnections.client(server.address());
        store = new RedisBreakerStore(client);
    }

    @AfterAll
    static void stopServer() throws IOException {
        store.close();
        server.close();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesAndChangesNothing(BreakerState found, Step step) {
        given(found);
        Map<String, String> before = fields();

        Answer answer = store.apply(endpoint, step);

        assertThat(step.applyTo(found)).isEmpty();
        assertThat(answer.made()).isFalse();
        assertThat(answer.state()).isEqualTo(found);
        assertThat(fields()).isEqualTo(before);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                argumentSet("a count of an older epoch", CLOSED, count(0)),
                argumentSet("a count of a later epoch", CLOSED, count(2)),
                argumentSet("a count of a later epoch than none", BreakerState.INITIAL, count(1)),
                argumentSet("a count for an open breaker", OPEN, count(1)),
                argumentSet("a count for a half-open breaker", halfOpen(Slot.FREE), count(1)),
                argumentSet("a reservation of an older epoch", RAMPING, new Step.Reserve(0, 1, 100)),
                argumentSet("a reservation of a later epoch", RAMPING, new Step.Reserve(2, 1, 100)),
                argumentSet("a reservation over the limit", RAMPING, new Step.Reserve(1, 4, 9)),
                argumentSet("a reservation without a ramp", CLOSED, new Step.Reserve(1, 1, 100)),
                argumentSet("a reservation where nothing is", BreakerState.INITIAL, new Step.Reserve(0, 1, 100)),
                argumentSet("a reservation with an open breaker", OPEN, new Step.Reserve(1, 1, 100)),
                argumentSet("a grant of an older epoch", halfOpen(Slot.FREE), grant(0)),
                argumentSet("a grant of a later epoch", halfOpen(Slot.FREE), grant(2)),
                argumentSet("a grant of a slot whose lease runs", halfOpen(OTHERS), grant(1)),
                argumentSet("a grant of a slot whose probe succeeded", halfOpen(SUCCEEDED), grant(1)),
                argumentSet("a grant by a closed breaker", CLOSED, grant(1)),
                argumentSet("a grant by an open breaker", OPEN, grant(1)),
                argumentSet("a grant where nothing is", BreakerState.INITIAL, grant(0)),
                argumentSet("an outcome of an older epoch", halfOpen(MINE), settle(0, SUCCEEDED)),
                argumentSet("an outcome of a later epoch", halfOpen(MINE), settle(2, SUCCEEDED)),
                argumentSet("an outcome in another's slot", halfOpen(OTHERS), settle(1, SUCCEEDED)),
                argumentSet("an outcome in a slot that is free", halfOpen(Slot.FREE), settle(1, SUCCEEDED)),
                argumentSet("a second outcome", halfOpen(SUCCEEDED), settle(1, SUCCEEDED)),
                argumentSet("an outcome with a closed breaker", CLOSED, settle(1, SUCCEEDED)),
                argumentSet("an outcome where nothing is", BreakerState.INITIAL, settle(0, SUCCEEDED)),
                argumentSet("a transition from an older epoch", OPEN, moveFrom(0)),
                argumentSet("a transition from a later epoch", OPEN, moveFrom(2)),
                argumentSet("a transition from a later epoch than none", BreakerState.INITIAL, moveFrom(1)));
    }

    @ParameterizedTest
    @MethodSource("made")
    void makesAsDefined(BreakerState found, Step step) {
        given(found);

        Answer answer = store.apply(endpoint, step);

        assertThat(answer.made()).isTrue();
        assertThat(step.applyTo(found)).contains(answer.state());
        assertThat(store.read(endpoint).state()).isEqualTo(answer.state());
    }

    static Stream<Arguments> made() {
        return Stream.of(
                argumentSet("a count", CLOSED, count(1)),
                argumentSet("a count where nothing is", BreakerState.INITIAL, count(0)),
                argumentSet("a reservation up to the limit", RAMPING, new Step.Reserve(1, 4, 10)),
                argumentSet("a grant of a slot that is free", halfOpen(Slot.FREE), grant(1)),
                argumentSet("a grant of a slot whose lease has just run out", halfOpen(expired()), grant(1)),
                argumentSet("a grant once more", halfOpen(MINE), grant(1)),
                argumentSet("a success", halfOpen(MINE), settle(1, SUCCEEDED)),
                argumentSet("an ignored call", halfOpen(MINE), settle(1, Slot.FREE)),
                argumentSet("a transition", CLOSED, moveFrom(1)),
                argumentSet("a transition where nothing is", BreakerState.INITIAL, moveFrom(0)));
    }

    private void given(BreakerState state) {
        if (state.epoch() > 0) {
            store.apply(endpoint, new Step.MoveTo(0, state, Optional.empty()));
        }
    }

    private Map<String, String> fields() {
        return client.hgetAll("breakwater:{" + endpoint + "}:state");
    }

    private static Slot expired() {
        return new Slot.Held("other", NOW);
    }

    private static BreakerState halfOpen(Slot slot) {
        return new HalfOpen(1, NOW, 1, List.of(OTHERS, slot), OpenReason.FAILURE_RATE, Duration.ofSeconds(10), OUTAGE);
    }

    private static Step count(long epoch) {
        TreeMap<Long, Counts> buckets = new TreeMap<>(Map.of(99L, new Counts(-2, 0), 100L, new Counts(7, 1)));
        return new Step.Count(epoch, new Tally(buckets, false, 1, Optional.empty()), List.of(80L));
    }

    private static Step grant(long epoch) {
        return new Step.GrantSlot(epoch, 1, MINE, NOW);
    }

    private static Step settle(long epoch, Slot content) {
        return new Step.SettleSlot(epoch, 1, "mine", content);
    }

    private static Step moveFrom(long epoch) {
        return new Step.MoveTo(
                epoch,
                new Open(epoch + 1, NOW, NOW.plusSeconds(60), OpenReason.OPERATOR, "a \"quoted\" ü\n€", OUTAGE),
                Optional.empty());
    }
}
