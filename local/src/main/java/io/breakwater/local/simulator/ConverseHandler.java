package io.breakwater.local.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.breakwater.json.Json;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers {@code POST /{region}/model/{modelId}/converse} on the thread of the call. */
final class ConverseHandler implements HttpHandler {
    private static final Pattern PATH = Pattern.compile("/([^/]+)/model/([^/]+)/converse");

    /** The JDK's server cannot tell that a client has left, but none waits longer than a Lambda function may run. */
    private static final Duration LONGEST_STALL = Duration.ofMinutes(15);

    private static final byte[] NOT_CONVERSE =
            "<html><body>upstream reset</body></html>".getBytes(StandardCharsets.UTF_8);

    private static final ErrorAnswer UNKNOWN_OPERATION = new ErrorAnswer(
            404,
            "UnknownOperationException",
            "The simulator knows only POST /{region}/model/{modelId}/converse, with the model id URL-encoded.");
    private static final ErrorAnswer NO_USER_MESSAGE = new ErrorAnswer(
            400,
            "ValidationException",
            "A conversation must start with a user message. Try again with a conversation that starts with a user"
                    + " message.");

    private final Dice dice;
    private final Faults faults;
    private final Quotas quotas;
    private final CallCounts counts;
    private final AtomicReference<Latency> latency;
    private final CountDownLatch closed;

    ConverseHandler(
            Dice dice,
            Faults faults,
            Quotas quotas,
            CallCounts counts,
            AtomicReference<Latency> latency,
            CountDownLatch closed) {
        this.dice = dice;
        this.faults = faults;
        this.quotas = quotas;
        this.counts = counts;
        this.latency = latency;
        this.closed = closed;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Matcher path = PATH.matcher(exchange.getRequestURI().getRawPath());
            if (!exchange.getRequestMethod().equals("POST") || !path.matches()) {
                refuse(exchange, UNKNOWN_OPERATION, null);
                return;
            }
            Target target = new Target(path.group(1), URLDecoder.decode(path.group(2), StandardCharsets.UTF_8));
            RandomGenerator random = dice.next(target);
            Optional<Fault> fault = faults.strike(target, random);
            if (fault.isPresent()) {
                counts.countFailure(target, fault.get().kind());
                fail(exchange, fault.get());
            } else {
                serve(exchange, target, body, random);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(HttpExchange exchange, Target target, byte[] body, RandomGenerator random)
            throws IOException, InterruptedException {
        Optional<Conversation> asked = Conversation.parse(body);
        if (asked.isEmpty()) {
            counts.countFailure(target, FaultKind.VALIDATION);
            refuse(exchange, NO_USER_MESSAGE, null);
            return;
        }
        Conversation conversation = asked.get();
        switch (quotas.reserve(target, conversation.inputTokens() + conversation.maxTokens())) {
            case Quotas.Reservation.Refused(FaultKind kind, ErrorAnswer answer) -> {
                counts.countFailure(target, kind);
                refuse(exchange, answer, null);
            }
            case Quotas.Reservation.Granted granted -> {
                counts.countSuccess(target);
                Duration delay = latency.get().sample(random);
                if (endsWithin(delay)) {
                    return;
                }
                ConverseAnswer answer = conversation.echo(delay.toMillis());
                granted.settle(answer.usage().totalTokens());
                send(exchange, 200, Json.MAPPER.writeValueAsBytes(answer));
            }
        }
    }

    private void fail(HttpExchange exchange, Fault fault) throws IOException, InterruptedException {
        switch (fault.kind()) {
            case DROP -> {} // Closing an exchange that was not answered closes its connection.
            case STALL -> endsWithin(LONGEST_STALL);
            case MALFORMED -> send(exchange, 200, NOT_CONVERSE);
            default -> refuse(exchange, fault.kind().answer().orElseThrow(), fault.retryAfterSeconds());
        }
    }

    /** Waits, and tells whether the simulator was closed meanwhile. */
    private boolean endsWithin(Duration delay) throws InterruptedException {
        return closed.await(delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void refuse(HttpExchange exchange, ErrorAnswer answer, @Nullable Long retryAfterSeconds)
            throws IOException {
        exchange.getResponseHeaders()
                .set("x-amzn-ErrorType", answer.type() + ":http://internal.amazon.com/coral/com.amazon.bedrock/");
        if (retryAfterSeconds != null) {
            exchange.getResponseHeaders().set("Retry-After", retryAfterSeconds.toString());
        }
        send(exchange, answer.status(), Json.MAPPER.writeValueAsBytes(Map.of("message", answer.message())));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
