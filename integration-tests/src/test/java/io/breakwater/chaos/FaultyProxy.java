package io.breakwater.chaos;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.breakwater.local.http.Loopback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/** Stands before an HTTP service, shows its traffic to a witness, and fails when it is told to. */
final class FaultyProxy implements AutoCloseable {
    private static final int BACKLOG = 1_024;

    /** Longer than any client here waits, so that only what nobody waits for any more is given up. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Which the JDK's client and server see to themselves. */
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "content-length", "date", "expect", "host", "transfer-encoding", "upgrade");

    private static final Fault NONE = new Fault(Kind.ERROR, 0);

    private final URI target;
    private final RandomGenerator random;
    private final Witness witness;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private volatile Fault fault = NONE;

    private FaultyProxy(URI target, RandomGenerator random, Witness witness, HttpServer server) {
        this.target = target;
        this.random = random;
        this.witness = witness;
        this.server = server;
    }

    /** How a request fails. */
    enum Kind {
        /** It is answered with a 500 and not passed on. */
        ERROR,
        /** Its connection is closed and it is not passed on. */
        DROP,
        /** It is passed on, and its connection is closed instead of an answer. */
        LOSE_ANSWER
    }

    /**
     * What befalls requests.
     *
     * @param probability of each request
     */
    record Fault(Kind kind, double probability) {}

    /** Sees what goes through. */
    interface Witness {
        Witness NONE = new Witness() {};

        /** A request has come. */
        default void asked(byte[] request) {}

        /** The service has answered a request, whether or not its client hears of it. */
        default void answered(String operation, byte[] request, int status) {}
    }

    /** Starts on a free port of 127.0.0.1. */
    static FaultyProxy start(URI target, RandomGenerator random, Witness witness) {
        try {
            HttpServer server = Loopback.server(0, BACKLOG);
            FaultyProxy proxy = new FaultyProxy(target, random, witness, server);
            server.setExecutor(proxy.threads);
            server.createContext("/", proxy::handle);
            server.start();
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Takes the place of an earlier fault. */
    void fail(Fault fault) {
        this.fault = fault;
    }

    void recover() {
        fault = NONE;
    }

    private void handle(HttpExchange exchange) throws IOException {
        Fault now = fault;
        boolean struck = random.nextDouble() < now.probability();
        // Closing an exchange that was not answered closes its connection.
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            witness.asked(body);
            if (!struck) {
                answer(exchange, pass(exchange, body));
            } else {
                fail(exchange, body, now.kind());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail(HttpExchange exchange, byte[] body, Kind kind) throws IOException, InterruptedException {
        switch (kind) {
            case ERROR -> answer(exchange, 500, "on purpose".getBytes(StandardCharsets.UTF_8));
            case DROP -> {}
            case LOSE_ANSWER -> pass(exchange, body);
        }
    }

    private static String operation(HttpExchange exchange) {
        String amzTarget = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        return amzTarget == null ? exchange.getRequestMethod() : amzTarget.substring(amzTarget.indexOf('.') + 1);
    }

    private HttpResponse<byte[]> pass(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        URI asked = exchange.getRequestURI();
        String query = asked.getRawQuery() == null ? "" : "?" + asked.getRawQuery();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target + asked.getRawPath() + query))
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body))
                .timeout(PATIENCE);
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
        witness.answered(operation(exchange), body, response.statusCode());
        return response;
    }

    private static void answer(HttpExchange exchange, HttpResponse<byte[]> response) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        response.headers().map().forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":")) {
                headers.put(name, values);
            }
        });
        answer(exchange, response.statusCode(), response.body());
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        client.shutdownNow();
        threads.shutdownNow();
    }
}
