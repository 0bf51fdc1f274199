package io.breakwater.function;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** Every service of AWS at one address: it knows nothing and remembers what it was asked. */
public final class RecordingAws implements AutoCloseable {
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    /** Starts serving on a free port. */
    public RecordingAws() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                String operation = exchange.getRequestHeaders().getFirst("X-Amz-Target");
                requests.add(Objects.requireNonNullElseGet(
                        operation, () -> exchange.getRequestMethod() + " " + exchange.getRequestURI()));
                byte[] answer = "{}".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
    }

    /** A function's settings that lead here. */
    public Settings settings() {
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        return Settings.fromEnvironment(Map.ofEntries(
                Map.entry("AWS_REGION", "us-east-1"),
                Map.entry("AWS_ENDPOINT_URL_DYNAMODB", address),
                Map.entry("AWS_ENDPOINT_URL_SQS", address),
                Map.entry("AWS_ENDPOINT_URL_S3", address),
                Map.entry("BREAKWATER_BEDROCK_ENDPOINT", address + "/bedrock/{region}"),
                Map.entry("BREAKWATER_BEDROCK_UNSIGNED", "true"),
                Map.entry("JOBS_TABLE", "jobs"),
                Map.entry("ENDPOINTS_TABLE", "endpoints"),
                Map.entry("RESULTS_BUCKET", "results"),
                Map.entry("JOB_QUEUE_URL", address + "/queue"),
                Map.entry("AWS_LAMBDA_FUNCTION_NAME", "breakwater-test")));
    }

    /** The targets of requests that name one, the lines of others. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
