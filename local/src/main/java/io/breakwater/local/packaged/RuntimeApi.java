package io.breakwater.local.packaged;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.breakwater.json.Json;
import io.breakwater.local.http.Loopback;
import io.breakwater.local.lambda.EnvironmentLostException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Lambda runtime API</a> for one execution
 * environment: what a runtime client asks it for its next invocation, and tells it of the last one.
 *
 * <p>With SnapStart, a client that has initialised its function waits to be restored before it asks for the first.
 */
final class RuntimeApi implements AutoCloseable {
    /** The longest answer that Lambda takes. */
    static final int MAX_ANSWER_BYTES = 6 * 1024 * 1024;

    private static final String ROOT = "/2018-06-01/runtime/";
    private static final String NEXT = ROOT + "invocation/next";
    private static final String RESTORE = ROOT + "restore/next";
    private static final String INIT_ERROR = ROOT + "init/error";
    private static final String RESTORE_ERROR = ROOT + "restore/error";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Runnable atRest;
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final AtomicReference<@Nullable Call> current = new AtomicReference<>();
    private final CompletableFuture<@Nullable Void> snapshot = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> restored = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();

    /** An invocation, as the client is told of it, and what becomes of it. */
    private record Call(
            String requestId,
            long deadlineEpochMillis,
            String functionArn,
            String traceId,
            String event,
            CompletableFuture<String> answer) {}

    private RuntimeApi(HttpServer server, Runnable atRest) {
        this.server = server;
        this.atRest = atRest;
    }

    /**
     * Starts serving, on a port of its own.
     *
     * @param atRest called when the client waits, and {@link #isAtRest} says whether it still does
     */
    static RuntimeApi start(Runnable atRest) throws IOException {
        RuntimeApi api = new RuntimeApi(Loopback.server(0, 8), atRest);
        api.server.createContext("/", api::handle);
        api.server.setExecutor(api.threads);
        api.server.start();
        return api;
    }

    /** Host and port, as {@code AWS_LAMBDA_RUNTIME_API} says them. */
    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Done when the client asks for the first invocation; fails with the function's error when it cannot. */
    CompletableFuture<@Nullable Void> ready() {
        return ready;
    }

    /** Done when the client waits to be restored; fails with {@link #ready}. */
    CompletableFuture<@Nullable Void> snapshot() {
        return snapshot;
    }

    void restore() {
        restored.complete(null);
    }

    boolean isAtRest() {
        return calls.isEmpty() && current.get() == null;
    }

    /** Hands an invocation to the client; the answer fails with a {@link FunctionErrorException} when the function does. */
    CompletableFuture<String> invoke(
            String requestId, long deadlineEpochMillis, String functionArn, String traceId, String event) {
        Call call = new Call(requestId, deadlineEpochMillis, functionArn, traceId, event, new CompletableFuture<>());
        calls.add(call);
        return call.answer();
    }

    /** Tells who waits for the client that it is gone. */
    void lost(EnvironmentLostException why) {
        snapshot.completeExceptionally(why);
        ready.completeExceptionally(why);
        restored.completeExceptionally(why);
        Optional.ofNullable(current.get()).ifPresent(call -> call.answer().completeExceptionally(why));
        calls.forEach(call -> call.answer().completeExceptionally(why));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            switch (path) {
                case NEXT -> next(exchange);
                case RESTORE -> restoreNext(exchange);
                case INIT_ERROR, RESTORE_ERROR -> {
                    FunctionErrorException error =
                            error(exchange, exchange.getRequestBody().readAllBytes());
                    snapshot.completeExceptionally(error);
                    ready.completeExceptionally(error);
                    accept(exchange);
                }
                default -> end(exchange, path);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void restoreNext(HttpExchange exchange) throws IOException {
        atRest.run();
        snapshot.complete(null);
        restored.join();
        exchange.sendResponseHeaders(200, -1);
    }

    private void next(HttpExchange exchange) throws IOException, InterruptedException {
        current.set(null);
        ready.complete(null);
        atRest.run();
        Call call = calls.take();
        current.set(call);
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", "application/json");
        headers.set("Lambda-Runtime-Aws-Request-Id", call.requestId());
        headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(call.deadlineEpochMillis()));
        headers.set("Lambda-Runtime-Invoked-Function-Arn", call.functionArn());
        headers.set("Lambda-Runtime-Trace-Id", call.traceId());
        byte[] event = call.event().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, event.length);
        exchange.getResponseBody().write(event);
    }

    /** {@code invocation/{id}/response} or {@code …/error}. */
    private void end(HttpExchange exchange, String path) throws IOException {
        Call call = current.get();
        byte[] body = exchange.getRequestBody().readNBytes(MAX_ANSWER_BYTES + 1);
        if (call == null || !path.startsWith(ROOT + "invocation/" + call.requestId() + "/")) {
            refuse(exchange, 400, "InvalidRequestID", "there is no such invocation: " + path);
        } else if (body.length > MAX_ANSWER_BYTES) {
            String why = "the answer is longer than " + MAX_ANSWER_BYTES + " bytes";
            call.answer().completeExceptionally(new FunctionErrorException("Function.ResponseSizeTooLarge", why));
            refuse(exchange, 413, "RequestEntityTooLarge", why);
        } else if (path.endsWith("/response")) {
            accept(exchange);
            call.answer().complete(new String(body, StandardCharsets.UTF_8));
        } else if (path.endsWith("/error")) {
            accept(exchange);
            call.answer().completeExceptionally(error(exchange, body));
        } else {
            refuse(exchange, 404, "NotFound", "the runtime API has no " + path);
        }
    }

    private static FunctionErrorException error(HttpExchange exchange, byte[] body) {
        JsonNode json = Json.read(new String(body, StandardCharsets.UTF_8), JsonNode.class);
        String type = Objects.requireNonNullElse(
                exchange.getRequestHeaders().getFirst("Lambda-Runtime-Function-Error-Type"), "Runtime.UnknownReason");
        return new FunctionErrorException(
                json.path("errorType").asText(type), json.path("errorMessage").asText(""));
    }

    private static void accept(HttpExchange exchange) throws IOException {
        send(exchange, 202, "{\"status\":\"OK\"}");
    }

    private static void refuse(HttpExchange exchange, int status, String type, String message) throws IOException {
        send(
                exchange,
                status,
                Json.MAPPER
                        .createObjectNode()
                        .put("errorType", type)
                        .put("errorMessage", message)
                        .toString());
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
