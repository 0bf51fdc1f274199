package io.breakwater.local.http;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The HTTP server of the local pipeline, on 127.0.0.1 only: every request is one invocation of the request function,
 * every answer of the function one response. What the function throws becomes a 500; the server lives on.
 */
public final class HttpFront implements AutoCloseable {
    private static final int CONNECTION_BACKLOG = 1024;
    private static final int CLOSE_AFTER_SECONDS = 1;

    static {
        // The server writes head and body apart; with Nagle's algorithm each answer would wait 40 ms for a delayed ACK.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final InstantSource clock;
    private final Supplier<String> requestIds;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private HttpFront(HttpServer server, InstantSource clock, Supplier<String> requestIds) {
        this.server = server;
        this.clock = clock;
        this.requestIds = requestIds;
    }

    /**
     * Takes the port. Who connects now waits for {@link #serve}.
     *
     * @param port 0 for any free one
     * @throws PortInUseException when the port cannot be had
     */
    public static HttpFront bind(int port, InstantSource clock, Supplier<String> requestIds) throws IOException {
        try {
            return new HttpFront(Loopback.server(port, CONNECTION_BACKLOG), clock, requestIds);
        } catch (BindException e) {
            throw new PortInUseException(port, e);
        }
    }

    /**
     * Serves requests from now on. The one handler serves all at once, each on a thread of its own, so it must be
     * thread-safe.
     *
     * @param mounts by path, such as {@code /simulator}: what answers there instead of the handler
     */
    public void serve(
            RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler, Map<String, Mount> mounts) {
        server.createContext("/", new Gateway(handler, mounts, clock, requestIds));
        server.setExecutor(threads);
        server.start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Takes no more requests and lets the running ones end, for a second at most. */
    @Override
    public void close() {
        server.stop(CLOSE_AFTER_SECONDS);
        threads.shutdownNow();
    }
}
