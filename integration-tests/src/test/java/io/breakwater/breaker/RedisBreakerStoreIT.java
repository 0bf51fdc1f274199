package io.breakwater.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.BreakerStore.StoreTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

@EnabledIf(value = RedisServer.INSTALLED, disabledReason = RedisServer.MISSING)
class RedisBreakerStoreIT extends BreakerStoreContract {
    private static final Step.Count ONE_CALL = new Step.Count(
            0, new Tally(new TreeMap<>(Map.of(100L, new Counts(1, 0))), false, 0, Optional.empty()), List.of());

    private static RedisServer server;
    private static RedisClient client;
    private static RedisBreakerStore store;

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

    @Override
    BreakerStore store() {
        return store;
    }

    @Test
    void aStepWhoseAnswerGetsLostIsMadeOnce() throws Exception {
        store.apply("lost", ONE_CALL);
        server.pause();
        try {
            assertThatThrownBy(() -> store.apply("lost", ONE_CALL)).isInstanceOf(JedisException.class);
        } finally {
            server.resume();
        }

        await().until(() -> calls("lost") == 2);
        store.apply("lost", ONE_CALL);
        assertThat(calls("lost")).isEqualTo(3);
    }

    @Test
    void aRedisThatForgotTheScriptsIsSentThemAgain() {
        store.apply("forgotten", ONE_CALL);
        client.scriptFlush();

        store.apply("forgotten", ONE_CALL);

        assertThat(calls("forgotten")).isEqualTo(2);
    }

    private static int calls(String endpoint) {
        return ((Closed) store.read(endpoint).state()).window().between(0, 200).calls();
    }

    @Test
    void showsItsClock() {
        Instant before = Instant.now();

        StoreTime read = store.read("clock").time().orElseThrow();
        StoreTime applied = store.apply("clock", ONE_CALL).time().orElseThrow();

        assertThat(read.earliest()).isEqualTo(read.latest()).isBetween(before, applied.latest());
        assertThat(applied.latest()).isEqualTo(applied.earliest()).isBefore(Instant.now());
    }

    @Test
    void keepsTheStateForGoodAndTheHistoryForAMonthOnOneNodeOfACluster() {
        store.apply("us-east-1/kept", ONE_CALL);
        store.remember("us-east-1/kept", transition(1, "first"));

        assertThat(client.keys("breakwater:{us-east-1/kept}:*"))
                .containsExactlyInAnyOrder("breakwater:{us-east-1/kept}:state", "breakwater:{us-east-1/kept}:history");
        assertThat(client.ttl("breakwater:{us-east-1/kept}:state")).isNegative();
        assertThat(Duration.ofSeconds(client.ttl("breakwater:{us-east-1/kept}:history")))
                .isBetween(Duration.ofDays(29), Duration.ofDays(30));
    }

    @Test
    void aTransitionTakesThePlaceOfWhatWasKeptOfItsEpoch() {
        store.remember("again", transition(1, "first"));
        store.remember("again", transition(1, "second"));

        assertThat(store.history("again", 10)).extracting(Transition::detail).containsExactly("second");
        assertThat(store.history("again", 0)).isEmpty();
    }

    private static Transition transition(long epoch, String detail) {
        return new Transition(epoch, Instant.EPOCH, "CLOSED", "OPEN", null, "FAILURE_RATE", detail, 10, 3);
    }

    @Test
    void logsInToADatabaseOfARedisWithAPassword() throws IOException {
        try (RedisServer guarded = RedisServer.start("--requirepass", "p:ss");
                RedisBreakerStore inside = RedisBreakerStore.connect(RedisAddress.parse(
                        guarded.address().toString().replace("//", "//:p%3Ass@").replace("/0", "/3")));
                RedisBreakerStore outside = RedisBreakerStore.connect(guarded.address())) {
            assertThat(inside.apply("guarded", ONE_CALL).made()).isTrue();
            assertThatThrownBy(() -> outside.read("guarded")).isInstanceOf(JedisException.class);
        }
    }
}
