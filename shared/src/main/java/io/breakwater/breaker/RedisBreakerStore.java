package io.breakwater.breaker;

import io.breakwater.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.ZRangeParams;

/**
 * The fleet's breakers in Redis (7 or later) or Valkey: one hash per endpoint, and its history in a sorted set beside it.
 *
 * <p>Each {@link Step} is one run of {@code apply.lua}, which Redis runs alone: it looks at the conditions, makes the
 * change, and answers with what then stands and with Redis's clock. A hash has no expiry, and a Redis that evicts it or
 * loses it in a failover makes the fleet start anew, closed and in epoch 0.
 *
 * <p>The client must not retry: a repeated addition counts twice. {@link #connect} makes one that does not.
 */
public final class RedisBreakerStore implements BreakerStore, AutoCloseable {
    private static final Duration HISTORY_LIFE = Duration.ofDays(30);
    private static final RedisScript READ = RedisScript.named("read.lua");
    private static final RedisScript APPLY = RedisScript.named("apply.lua");
    private static final RedisScript REMEMBER = RedisScript.named("remember.lua");

    private final UnifiedJedis redis;

    RedisBreakerStore(UnifiedJedis redis) {
        this.redis = redis;
    }

    /** A store in the Redis at this address, which is first spoken to when the store is first used. */
    public static RedisBreakerStore connect(RedisAddress address) {
        return new RedisBreakerStore(RedisConnections.client(address));
    }

    @Override
    public Answer read(String endpointId) {
        return answer(READ.run(redis, stateKey(endpointId)));
    }

    @Override
    public Answer apply(String endpointId, Step step) {
        return answer(APPLY.run(redis, stateKey(endpointId), Json.write(RedisWrite.of(step))));
    }

    private static Answer answer(Object reply) {
        List<?> parts = (List<?>) reply;
        boolean made = parts.get(0).equals(1L);
        BreakerState state = BreakerFields.state(fields((List<?>) parts.get(2)));
        return new Answer(made, state, Optional.of(time((List<?>) parts.get(1))));
    }

    /** Names and values in turn. */
    private static Map<String, String> fields(List<?> namesAndValues) {
        Map<String, String> fields = new HashMap<>();
        for (Iterator<?> next = namesAndValues.iterator(); next.hasNext(); ) {
            fields.put((String) next.next(), (String) next.next());
        }
        return fields;
    }

    /** Seconds and microseconds. */
    private static StoreTime time(List<?> parts) {
        long seconds = Long.parseLong((String) parts.get(0));
        long micros = Long.parseLong((String) parts.get(1));
        Instant time = Instant.ofEpochSecond(seconds, micros * 1000);
        return new StoreTime(time, time);
    }

    @Override
    public void remember(String endpointId, Transition transition) {
        REMEMBER.run(
                redis,
                historyKey(endpointId),
                Long.toString(transition.epoch()),
                Json.write(transition),
                Integer.toString(HISTORY_KEPT),
                Long.toString(HISTORY_LIFE.toSeconds()));
    }

    @Override
    public List<Transition> history(String endpointId, int limit) {
        return redis
                .zrange(
                        historyKey(endpointId),
                        ZRangeParams.zrangeParams(0, HISTORY_KEPT - 1).rev())
                .stream()
                .limit(limit)
                .map(json -> Json.read(json, Transition.class))
                .toList();
    }

    /** The braces keep the keys of one endpoint on one node of a cluster. */
    private static String stateKey(String endpointId) {
        return "breakwater:{" + endpointId + "}:state";
    }

    private static String historyKey(String endpointId) {
        return "breakwater:{" + endpointId + "}:history";
    }

    @Override
    public void close() {
        redis.close();
    }
}
