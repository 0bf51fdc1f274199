package io.breakwater.breaker;

import java.time.Duration;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.executors.DefaultCommandExecutor;
import redis.clients.jedis.providers.PooledConnectionProvider;

/**
 * Makes connections to a Redis for a breaker's steps, none of which may be sent twice: not by the client, and not on a
 * connection of which nobody knows whether it is still alive.
 *
 * <p>A connection that has lain idle for long is not used again. While a function's environment is frozen the other end
 * may give the connection up unheard, and the first step sent on it would be lost.
 */
final class RedisConnections extends ConnectionFactory {
    /**
     * For a server to be reached, and for it to answer. A call waits for the breaker about twice this at most: once for the
     * answer, and once more while the pool replaces the connection on which none came.
     */
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private static final Duration LONGEST_IDLE = Duration.ofSeconds(30);

    /** More than a batch of jobs uses at once. */
    private static final int MOST = 64;

    private RedisConnections(RedisAddress address) {
        super(new HostAndPort(address.host(), address.port()), config(address));
    }

    /**
     * A client of which each command is tried once. It connects when it is first used.
     *
     * <p>The executor is what tries again in Jedis; this one does not. Jedis takes it by default for a single server, but
     * not for a cluster.
     */
    static RedisClient client(RedisAddress address) {
        GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
        pool.setMaxTotal(MOST);
        pool.setMaxIdle(MOST);
        pool.setMaxWait(TIMEOUT);
        pool.setTestOnBorrow(true);
        pool.setJmxEnabled(false);
        PooledConnectionProvider provider = new PooledConnectionProvider(new RedisConnections(address), pool);
        return RedisClient.builder()
                .clientConfig(config(address))
                .connectionProvider(provider)
                .commandExecutor(new DefaultCommandExecutor(provider))
                .build();
    }

    /** RESP2 is what scripts answer in; left open, the client would connect as it is made to ask which it is. */
    private static JedisClientConfig config(RedisAddress address) {
        DefaultJedisClientConfig.Builder config = DefaultJedisClientConfig.builder()
                .resp2()
                .connectionTimeoutMillis((int) TIMEOUT.toMillis())
                .socketTimeoutMillis((int) TIMEOUT.toMillis())
                .database(address.database());
        if (address.tls()) {
            config.sslOptions(SslOptions.defaults());
        }
        address.user().ifPresent(config::user);
        address.password().ifPresent(config::password);
        return config.build();
    }

    /** Asked before each use, in place of a PING and its round trip. */
    @Override
    public boolean validateObject(PooledObject<Connection> connection) {
        return connection.getObject().isConnected()
                && connection.getIdleDuration().compareTo(LONGEST_IDLE) < 0;
    }
}
