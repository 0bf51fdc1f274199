package io.breakwater.local.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes what a function, a mount or the front itself answered as the HTTP response. */
final class Answers {
    private static final Set<String> SET_BY_THE_SERVER =
            Set.of("connection", "content-length", "date", "transfer-encoding");

    private Answers() {}

    static void send(HttpExchange exchange, APIGatewayV2HTTPResponse response) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        entries(response.getHeaders()).forEach((name, value) -> add(headers, name, List.of(value)));
        entries(response.getMultiValueHeaders()).forEach((name, values) -> add(headers, name, values));
        if (response.getCookies() != null) {
            add(headers, "Set-Cookie", response.getCookies());
        }
        String body = Optional.ofNullable(response.getBody()).orElse("");
        byte[] bytes = response.getIsBase64Encoded()
                ? Base64.getDecoder().decode(body)
                : body.getBytes(StandardCharsets.UTF_8);
        send(exchange, response.getStatusCode(), bytes);
    }

    static void send(HttpExchange exchange, Mount.Answer answer) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        send(exchange, answer.status(), answer.body().getBytes(StandardCharsets.UTF_8));
    }

    static void send(HttpExchange exchange, Problem problem) throws IOException {
        exchange.getResponseHeaders().clear();
        exchange.getResponseHeaders().set("Content-Type", Problem.CONTENT_TYPE);
        send(exchange, problem.status(), problem.json().getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        }
        if (head || status == 204 || status == 304 || body.length == 0) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        OutputStream stream = exchange.getResponseBody();
        stream.write(body);
        stream.flush();
    }

    private static <T> Map<String, T> entries(@Nullable Map<String, T> map) {
        return map == null ? Map.of() : map;
    }

    private static void add(Headers headers, String name, List<String> values) {
        if (!SET_BY_THE_SERVER.contains(name.toLowerCase(Locale.ROOT))) {
            values.forEach(value -> headers.add(name, value));
        }
    }
}
