package io.breakwater.local.engine;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.http.scaladsl.Http;
import org.apache.pekko.pattern.Patterns;
import org.elasticmq.StrictSQSLimits$;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.actor.queue.QueueEvent;
import org.elasticmq.persistence.sql.SqlQueuePersistenceActor;
import org.elasticmq.persistence.sql.SqlQueuePersistenceConfig;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.elasticmq.rest.sqs.TheSQSRestServerBuilder;
import org.elasticmq.util.NowProvider;
import scala.Option;
import scala.collection.immutable.Nil$;
import scala.concurrent.duration.FiniteDuration;
import scala.util.Either;
import scalikejdbc.ConnectionPool;
import scalikejdbc.ConnectionPool$;
import scalikejdbc.ConnectionPoolSettings;

/**
 * ElasticMQ with SQS's own limits. With a directory it keeps queues and messages there, in an H2 database reached
 * through one connection pool of the whole JVM: so there can be one such engine at a time.
 */
final class SqsEngine implements Engine {
    static final String ACCOUNT = "000000000000";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final FiniteDuration GRACE_FOR_LONG_POLLS = FiniteDuration.apply(100, TimeUnit.MILLISECONDS);

    private final ActorSystem actors;
    private final boolean persistent;
    private final Http.ServerBinding binding;

    private SqsEngine(ActorSystem actors, boolean persistent, Http.ServerBinding binding) {
        this.actors = actors;
        this.persistent = persistent;
        this.binding = binding;
    }

    /** Starts with the messages in this directory, or in memory. */
    static SqsEngine start(Optional<Path> data) {
        ActorSystem actors = ActorSystem.create("elasticmq", quiet(), SqsEngine.class.getClassLoader());
        try {
            Option<ActorRef> storage = data.map(directory -> Option.apply(storage(actors, directory)))
                    .orElseGet(Option::empty);
            ActorRef queues = actors.actorOf(
                    Props.create(QueueManagerActor.class, new NowProvider(), StrictSQSLimits$.MODULE$, storage));
            if (storage.isDefined()) {
                restore(storage.get(), queues);
            }
            return new SqsEngine(actors, data.isPresent(), serve(actors, queues, storage));
        } catch (RuntimeException e) {
            actors.terminate();
            throw new IllegalStateException("ElasticMQ did not start: " + e.getMessage(), e);
        }
    }

    private static Config quiet() {
        return ConfigFactory.parseMap(Map.of(
                        "pekko.loglevel", "WARNING",
                        "pekko.daemonic", "on",
                        "pekko.jvm-shutdown-hooks", "off",
                        "pekko.coordinated-shutdown.run-by-jvm-shutdown-hook", "off"))
                .withFallback(ConfigFactory.load(SqsEngine.class.getClassLoader()));
    }

    /** ElasticMQ sets its pool up for the first directory only, so each start sets it here. */
    private static ActorRef storage(ActorSystem actors, Path directory) {
        String url = "jdbc:h2:file:" + directory.resolve("messages").toAbsolutePath() + ";DB_CLOSE_ON_EXIT=FALSE";
        var config = new SqlQueuePersistenceConfig(true, "org.h2.Driver", url, "", "", false);
        ConnectionPoolSettings settings = ConnectionPool$.MODULE$.singleton$default$4();
        ConnectionPool.singleton(
                url, "", "", settings, ConnectionPool$.MODULE$.singleton$default$5(url, "", "", settings));
        return actors.actorOf(Props.create(SqlQueuePersistenceActor.class, config, Nil$.MODULE$));
    }

    private static void restore(ActorRef storage, ActorRef queues) {
        Object restored = Patterns.ask(storage, new QueueEvent.Restore(queues), PATIENCE)
                .toCompletableFuture()
                .join();
        if (restored instanceof Either<?, ?> either && either.isLeft()) {
            throw new IllegalStateException("stored queues could not be restored: " + either);
        }
    }

    private static Http.ServerBinding serve(ActorSystem actors, ActorRef queues, Option<ActorRef> storage) {
        TheSQSRestServerBuilder builder = SQSRestServerBuilder.withActorSystem(actors)
                .withQueueManagerActor(queues)
                .withInterface(LOOPBACK)
                .withDynamicPort()
                .withAWSRegion(AwsResources.REGION)
                .withAWSAccountId(ACCOUNT);
        if (storage.isDefined()) {
            builder = builder.withQueueEventListener(storage.get());
        }
        return builder.start().waitUntilStarted();
    }

    @Override
    public URI endpoint() {
        return Engine.endpoint(binding.localAddress().getPort());
    }

    @Override
    public void close() {
        binding.terminate(GRACE_FOR_LONG_POLLS);
        actors.terminate();
        actors.getWhenTerminated().toCompletableFuture().join();
        if (persistent) {
            ConnectionPool.closeAll();
        }
        forgetMetrics();
    }

    /** ElasticMQ leaves its bean registered, and with it the first engine's queues. */
    private static void forgetMetrics() {
        try {
            var name = new ObjectName("org.elasticmq:name=Queues");
            if (ManagementFactory.getPlatformMBeanServer().isRegistered(name)) {
                ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
            }
        } catch (JMException e) {
            throw new IllegalStateException("ElasticMQ's metrics could not be unregistered", e);
        }
    }
}
