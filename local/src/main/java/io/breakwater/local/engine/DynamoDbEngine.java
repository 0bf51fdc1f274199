package io.breakwater.local.engine;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local in a Jetty of our own, because its {@code DynamoDBProxyServer} listens on every interface, cannot say
 * which free port it took, and sends telemetry.
 */
final class DynamoDbEngine implements Engine {
    private static final int MAX_THREADS = 64;
    private static final int MIN_THREADS = 4;
    private static final int IDLE_MILLIS = 60_000;

    private final LocalDynamoDBServerHandler dynamoDb;
    private final ThreadGroup threads = new ThreadGroup("dynamodb-local");
    private final Server server;
    private final ServerConnector connector;

    private DynamoDbEngine(LocalDynamoDBServerHandler dynamoDb) {
        this.dynamoDb = dynamoDb;
        server = new Server(new QueuedThreadPool(MAX_THREADS, MIN_THREADS, IDLE_MILLIS, null, threads));
        connector = new ServerConnector(server, 1, 1);
        connector.setHost(LOOPBACK);
        server.addConnector(connector);
        server.setHandler(new ContextHandler(dynamoDb, "/"));
    }

    /** Starts with the database in this directory, or in memory. */
    static DynamoDbEngine start(Optional<Path> data) {
        boolean sharedByAllCredentialsAndRegions = true;
        boolean delayTransientStatuses = false;
        var requests = new LocalDynamoDBRequestHandler(
                0,
                data.isEmpty(),
                data.map(Path::toString).orElse(null),
                sharedByAllCredentialsAndRegions,
                delayTransientStatuses);
        String noCors = null;
        var engine = new DynamoDbEngine(new LocalDynamoDBServerHandler(requests, noCors));
        try {
            engine.server.start();
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local did not start: " + e.getMessage(), e);
        }
        return engine;
    }

    @Override
    public URI endpoint() {
        return Engine.endpoint(connector.getLocalPort());
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local did not stop: " + e.getMessage(), e);
        } finally {
            dynamoDb.close();
            wakeSleepers();
        }
    }

    /** DynamoDB Local's own housekeeping sleeps for seconds after its shutdown and keeps the JVM alive meanwhile. */
    private void wakeSleepers() {
        threads.interrupt();
    }
}
