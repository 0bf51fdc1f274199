package io.breakwater.local.engine;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local in a Jetty of our own, because its {@code DynamoDBProxyServer} listens on every interface, cannot say
 * which free port it took, and sends telemetry.
 */
final class DynamoDbEngine implements Engine {
    private final LocalDynamoDBServerHandler dynamoDb;
    private final Server server;
    private final ServerConnector connector;

    private DynamoDbEngine(LocalDynamoDBServerHandler dynamoDb) {
        this.dynamoDb = dynamoDb;
        server = new Server();
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
        }
    }
}
