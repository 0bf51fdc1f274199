package io.breakwater.local.simulator;

import io.breakwater.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The simulator's own HTTP API, below {@code /simulator}, for whoever has a server to mount it on. */
public final class SimulatorControl {
    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";

    private static final long LONGEST_FAULT_SECONDS = Duration.ofDays(365).toSeconds();
    private static final double LONGEST_LATENCY_MILLIS = Duration.ofHours(1).toMillis();

    private final Faults faults;
    private final Quotas quotas;
    private final CallCounts counts;
    private final AtomicReference<Latency> latency;
    private final InstantSource clock;

    SimulatorControl(
            Faults faults, Quotas quotas, CallCounts counts, AtomicReference<Latency> latency, InstantSource clock) {
        this.faults = faults;
        this.quotas = quotas;
        this.counts = counts;
        this.latency = latency;
        this.clock = clock;
    }

    /** What to send back. */
    public record Response(int status, String contentType, String body) {}

    /**
     * Carries out one request.
     *
     * @param path the request's path, {@code /simulator} included
     * @param body the request's body, empty when there is none
     */
    public Response handle(String method, String path, String body) {
        try {
            return switch (path) {
                case "/simulator/faults" ->
                    switch (method) {
                        case "PUT" -> setFault(new Fields(body));
                        case "GET" -> activeFaults();
                        case "DELETE" -> clearFaults();
                        default -> methodNotAllowed(method, path, "PUT, GET, DELETE");
                    };
                case "/simulator/stats" ->
                    switch (method) {
                        case "GET" -> ok(counts.snapshot());
                        case "DELETE" -> resetStats();
                        default -> methodNotAllowed(method, path, "GET, DELETE");
                    };
                case "/simulator/latency" ->
                    method.equals("PUT") ? setLatency(new Fields(body)) : methodNotAllowed(method, path, "PUT");
                case "/simulator/quota" ->
                    method.equals("PUT") ? setQuota(new Fields(body)) : methodNotAllowed(method, path, "PUT");
                default ->
                    problem(404, "Not Found", path + " is none of /simulator/faults, stats, latency, quota", List.of());
            };
        } catch (InvalidBodyException e) {
            return problem(400, "Bad Request", String.join("; ", e.violations()), e.violations());
        }
    }

    private record FaultView(
            String region,
            String model,
            FaultKind fault,
            double probability,
            @Nullable Instant expiresAt,
            @Nullable Long retryAfterSeconds) {
        FaultView(Fault fault) {
            this(
                    fault.scope().region(),
                    fault.scope().model(),
                    fault.kind(),
                    fault.probability(),
                    fault.expiresAt(),
                    fault.retryAfterSeconds());
        }
    }

    private Response setFault(Fields fields) throws InvalidBodyException {
        Scope scope = scope(fields);
        FaultKind kind = fields.constant("fault", FaultKind.class);
        double probability = fields.number("probability", 0, 1).orElse(1.0);
        @Nullable
        Instant expiresAt = fields.whole("durationSeconds", 1, LONGEST_FAULT_SECONDS)
                .map(clock.instant()::plusSeconds)
                .orElse(null);
        @Nullable
        Long retryAfterSeconds =
                fields.whole("retryAfterSeconds", 0, LONGEST_FAULT_SECONDS).orElse(null);
        fields.check();
        faults.set(new Fault(scope, kind, probability, expiresAt, retryAfterSeconds));
        return activeFaults();
    }

    private Response activeFaults() {
        return ok(Map.of("faults", faults.active().stream().map(FaultView::new).toList()));
    }

    private Response clearFaults() {
        faults.clear();
        return noContent();
    }

    private Response resetStats() {
        counts.reset();
        return noContent();
    }

    private Response setLatency(Fields fields) throws InvalidBodyException {
        double medianMillis = fields.number("medianMillis", 0, LONGEST_LATENCY_MILLIS)
                .orElseGet(() -> fields.violate("medianMillis", "is missing", 0.0));
        double p99Millis = fields.number("p99Millis", 0, LONGEST_LATENCY_MILLIS).orElse(medianMillis);
        if (p99Millis < medianMillis || (medianMillis == 0 && p99Millis > 0)) {
            fields.violate("p99Millis", "must be at least medianMillis, and 0 when that is 0, was " + p99Millis, 0.0);
        }
        fields.check();
        latency.set(new Latency(millis(medianMillis), millis(p99Millis)));
        return ok(Map.of("medianMillis", medianMillis, "p99Millis", p99Millis));
    }

    private Response setQuota(Fields fields) throws InvalidBodyException {
        Scope scope = scope(fields);
        Quota quota = new Quota(
                scope.region(),
                scope.model(),
                fields.whole("requestsPerMinute", 0, Integer.MAX_VALUE).orElse(null),
                fields.whole("tokensPerMinute", 0, Long.MAX_VALUE).orElse(null),
                fields.whole("tokensPerDay", 0, Long.MAX_VALUE).orElse(null));
        fields.check();
        quotas.set(quota);
        return ok(Map.of("quotas", quotas.active()));
    }

    private static Scope scope(Fields fields) {
        return new Scope(
                fields.text("region").orElse(Scope.ALL), fields.text("model").orElse(Scope.ALL));
    }

    private static Duration millis(double millis) {
        return Duration.ofNanos(Math.round(millis * 1_000_000));
    }

    private static Response ok(Object body) {
        return new Response(200, JSON, Json.write(body));
    }

    private static Response noContent() {
        return new Response(204, JSON, "");
    }

    private static Response methodNotAllowed(String method, String path, String allowed) {
        return problem(405, "Method Not Allowed", path + " takes " + allowed + ", not " + method, List.of());
    }

    private record Problem(String type, String title, int status, String detail, List<String> violations) {}

    private static Response problem(int status, String title, String detail, List<String> violations) {
        return new Response(status, PROBLEM, Json.write(new Problem("about:blank", title, status, detail, violations)));
    }
}
