package io.breakwater.function.request;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.breakwater.json.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer to a request. */
record Response(int status, Map<String, String> headers, String body) {
    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";

    static Response ok(Object body) {
        return new Response(200, Map.of("Content-Type", JSON), Json.write(body));
    }

    static Response ok(String contentType, String body) {
        return new Response(200, Map.of("Content-Type", contentType), body);
    }

    static Response accepted(String location, Object body) {
        return new Response(202, Map.of("Content-Type", JSON, "Location", location), Json.write(body));
    }

    static Response found(String location) {
        return new Response(302, Map.of("Location", location), "");
    }

    static Response problem(Problem problem, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", PROBLEM);
        return new Response(problem.status(), all, Json.write(problem));
    }

    /** A problem that passes. Who comes back when a second has only begun comes too early, so it counts whole. */
    static Response retryLater(Problem problem, Duration retryAfter) {
        long seconds = retryAfter.plusSeconds(1).minusNanos(1).toSeconds();
        return problem(problem, Map.of("Retry-After", Long.toString(seconds)));
    }

    APIGatewayV2HTTPResponse toEvent() {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Cache-Control", "no-store");
        return APIGatewayV2HTTPResponse.builder()
                .withStatusCode(status)
                .withHeaders(all)
                .withBody(body)
                .withIsBase64Encoded(false)
                .build();
    }
}
