package io.breakwater.local.http;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.breakwater.local.lambda.Invocation;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of the local pipeline, on 127.0.0.1 only: every request is one invocation of the request function,
 * every answer of the function one response. What the function throws becomes a 500; the server lives on.
 *
 * <p>The one handler serves all requests at once, each on a virtual thread of its own, so it must be thread-safe.
 */
public final class HttpFront implements AutoCloseable {
    /** The longest body that API Gateway takes. */
    static final int MAX_BODY_BYTES = 10 * 1024 * 1024;

    /** What is read of a refused body, so that a client that sends before it reads still gets to see the answer. */
    private static final long MAX_DISCARDED_BYTES = 64L * 1024 * 1024;

    /** API Gateway's integration timeout. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

    private static final int CONNECTION_BACKLOG = 1024;
    private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);

    static {
        // The server writes head and body apart; with Nagle's algorithm each answer would wait 40 ms for a delayed ACK.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler;
    private final Map<String, Mount> mounts;
    private final InstantSource clock;
    private final Supplier<String> requestIds;

    private HttpFront(
            HttpServer server,
            RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler,
            Map<String, Mount> mounts,
            InstantSource clock,
            Supplier<String> requestIds) {
        this.server = server;
        this.handler = handler;
        this.mounts = Map.copyOf(mounts);
        this.clock = clock;
        this.requestIds = requestIds;
    }

    /**
     * Listens, and serves from the moment this returns.
     *
     * @param port 0 for any free one
     * @param mounts by path, such as {@code /simulator}: what answers there instead of the handler
     * @throws PortInUseException when the port cannot be had
     */
    public static HttpFront start(
            int port,
            RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler,
            Map<String, Mount> mounts,
            InstantSource clock,
            Supplier<String> requestIds)
            throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port),
                    CONNECTION_BACKLOG);
        } catch (BindException e) {
            throw new PortInUseException(port, e);
        }
        HttpFront front = new HttpFront(server, handler, mounts, clock, requestIds);
        server.createContext("/", front::serve);
        server.setExecutor(front.threads);
        server.start();
        return front;
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Takes no more requests and lets the running ones end, for a second at most. */
    @Override
    public void close() {
        server.stop(1);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) {
        try {
            answer(exchange);
        } catch (IOException e) {
            LOG.debug("{} {}: the client went away", exchange.getRequestMethod(), exchange.getRequestURI(), e);
        } finally {
            exchange.close();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try {
            refuseForeignPages(exchange);
            byte[] body = body(exchange);
            Optional<Mount> mount = mount(exchange.getRequestURI().getPath());
            if (mount.isPresent()) {
                answerFrom(mount.get(), exchange, body);
            } else {
                Answers.send(exchange, invoke(new GatewayRequest(exchange, body)));
            }
        } catch (RefusedRequestException e) {
            Answers.send(exchange, e.problem());
            discardBody(exchange);
        } catch (RuntimeException | Error e) {
            LOG.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
            Answers.send(exchange, new Problem(500, "Internal Server Error", "the function failed; its log says why"));
        }
    }

    /** The pipeline asks for no credentials, so a page of some web site must not spend tokens from a user's browser. */
    private static void refuseForeignPages(HttpExchange exchange) throws RefusedRequestException {
        String origin = exchange.getRequestHeaders().getFirst("Origin");
        if (origin != null && !origin.matches("https?://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?")) {
            throw new RefusedRequestException(
                    403, "Forbidden", "pages from " + origin + " may not use the local pipeline");
        }
    }

    private static byte[] body(HttpExchange exchange) throws IOException, RefusedRequestException {
        InputStream stream = exchange.getRequestBody();
        if (announcedBytes(exchange) <= MAX_BODY_BYTES) {
            byte[] body = stream.readNBytes(MAX_BODY_BYTES + 1);
            if (body.length <= MAX_BODY_BYTES) {
                return body;
            }
        }
        throw new RefusedRequestException(
                413, "Content Too Large", "the body must not be longer than " + MAX_BODY_BYTES + " bytes");
    }

    private static long announcedBytes(HttpExchange exchange) {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        return length == null ? 0 : Long.parseLong(length);
    }

    private static void discardBody(HttpExchange exchange) throws IOException {
        InputStream stream = exchange.getRequestBody();
        byte[] buffer = new byte[8192];
        long discarded = 0;
        int read = stream.read(buffer);
        while (read >= 0 && discarded < MAX_DISCARDED_BYTES) {
            discarded += read;
            read = stream.read(buffer);
        }
    }

    private Optional<Mount> mount(String path) {
        return mounts.entrySet().stream()
                .filter(mount -> path.equals(mount.getKey()) || path.startsWith(mount.getKey() + "/"))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static void answerFrom(Mount mount, HttpExchange exchange, byte[] body) throws IOException {
        Mount.Answer answer = mount.handle(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                new String(body, StandardCharsets.UTF_8));
        Answers.send(exchange, answer);
    }

    private APIGatewayV2HTTPResponse invoke(GatewayRequest request) throws RefusedRequestException {
        String requestId = requestIds.get();
        Instant now = clock.instant();
        APIGatewayV2HTTPResponse response = handler.handleRequest(
                request.event(requestId, now),
                new Invocation("breakwater-request", requestId, now.plus(REQUEST_TIMEOUT), clock));
        if (response == null || response.getStatusCode() < 200) {
            throw new IllegalStateException("the handler returned no response with a final status code");
        }
        return response;
    }
}
