package io.breakwater.local.http;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.breakwater.local.lambda.Invocation;
import io.breakwater.topology.Topology;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers each HTTP exchange by one invocation of a function, within API Gateway's limits. */
final class Gateway implements HttpHandler {
    /** The longest body that API Gateway takes. */
    static final int MAX_BODY_BYTES = 10 * 1024 * 1024;

    /** What is read of a refused body, so that a client that sends before it reads still gets to see the answer. */
    private static final long MAX_DISCARDED_BYTES = 64L * 1024 * 1024;

    private static final Pattern LOCAL_ORIGIN = Pattern.compile("https?://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private final RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler;
    private final Map<String, Mount> mounts;
    private final InstantSource clock;
    private final Supplier<String> requestIds;

    Gateway(
            RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> handler,
            Map<String, Mount> mounts,
            InstantSource clock,
            Supplier<String> requestIds) {
        this.handler = handler;
        this.mounts = Map.copyOf(mounts);
        this.clock = clock;
        this.requestIds = requestIds;
    }

    @Override
    public void handle(HttpExchange exchange) {
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
                Answers.send(exchange, ask(mount.get(), exchange, body));
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
        if (origin != null && !LOCAL_ORIGIN.matcher(origin).matches()) {
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

    private static Mount.Answer ask(Mount mount, HttpExchange exchange, byte[] body) {
        return mount.handle(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                new String(body, StandardCharsets.UTF_8));
    }

    private APIGatewayV2HTTPResponse invoke(GatewayRequest request) throws RefusedRequestException {
        String requestId = requestIds.get();
        Instant now = clock.instant();
        APIGatewayV2HTTPResponse response = handler.handleRequest(
                request.event(requestId, now),
                new Invocation(
                        Topology.REQUEST.deployedName(), requestId, now.plus(Topology.REQUEST.timeout()), clock));
        if (response == null || response.getStatusCode() < 200) {
            throw new IllegalStateException("the handler returned no response with a final status code");
        }
        return response;
    }
}
