package io.breakwater.function.request;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.breaker.StateOverride;
import io.breakwater.json.JsonSchema;
import io.breakwater.json.Violation;
import io.breakwater.model.Endpoint;
import io.breakwater.routing.Chain;
import io.breakwater.routing.EndpointDirectory;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Everything under {@code /endpoints}. */
final class EndpointRoutes {
    private static final long DEFAULT_TTL_SECONDS = 3600;

    private final EndpointDirectory endpoints;
    private final Chain chain;
    private final InstantSource clock;
    private final JsonBody overrides;

    EndpointRoutes(EndpointDirectory endpoints, Chain chain, InstantSource clock, JsonSchema override) {
        this.endpoints = endpoints;
        this.chain = chain;
        this.clock = clock;
        this.overrides = new JsonBody(override, EndpointRoutes::violations);
    }

    void addTo(Routes routes) {
        routes.on("GET", "/endpoints", this::list)
                .on("GET", "/endpoints/{region}/{model}", this::get)
                .on("PUT", "/endpoints/{region}/{model}/override", this::override);
    }

    private Response list(Request request) {
        request.tenant();
        return Response.ok(Map.of("endpoints", endpoints.list()));
    }

    private Response get(Request request, Map<String, String> path) {
        request.tenant();
        return Response.ok(endpoints.find(endpoint(path)).orElseThrow(() -> notFound(path)));
    }

    private Response override(Request request, Map<String, String> path) {
        String operator = request.tenant();
        Endpoint endpoint = endpoint(path);
        JsonNode body = overrides.parse(request.body());
        String reason = body.path("reason").asText("") + " (" + operator + ")";
        Instant until = clock.instant()
                .truncatedTo(ChronoUnit.MILLIS)
                .plusSeconds(body.path("ttlSeconds").asLong(DEFAULT_TTL_SECONDS));
        return Response.ok(endpoints.override(
                endpoint,
                switch (body.path("state").textValue()) {
                    case "OPEN" -> new StateOverride.ForceOpen(reason, until);
                    case "CLOSED" -> new StateOverride.ForceClosed(reason, until);
                    default -> new StateOverride.Lift();
                }));
    }

    /** Who forces a state says why. */
    private static List<Violation> violations(JsonNode body) {
        String state = body.path("state").asText();
        boolean forces = state.equals("OPEN") || state.equals("CLOSED");
        return forces && !body.has("reason")
                ? List.of(new Violation("reason", "is required with the state " + state))
                : List.of();
    }

    private Endpoint endpoint(Map<String, String> path) {
        return chain.endpoint(path.getOrDefault("region", ""), path.getOrDefault("model", ""))
                .orElseThrow(() -> notFound(path));
    }

    private static ProblemException notFound(Map<String, String> path) {
        return new ProblemException(
                Problem.Kind.NOT_FOUND,
                "there is no endpoint " + path.get("region") + "/" + path.get("model")
                        + "; GET /endpoints lists what there is");
    }
}
