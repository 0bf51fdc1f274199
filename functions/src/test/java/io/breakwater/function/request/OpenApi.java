package io.breakwater.function.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.json.Json;
import io.breakwater.json.JsonSchema;
import io.breakwater.json.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The documented API, as a judge of what is served. Stricter than a client should be: fields that are not documented are errors. */
final class OpenApi {
    static final JsonNode DOCUMENT = Yaml.resource(OpenApi.class, "/openapi.yaml");

    private static final JsonNode STRICT = closed(DOCUMENT.deepCopy());
    private static final Map<String, JsonSchema> SCHEMAS = new ConcurrentHashMap<>();

    private OpenApi() {}

    /** Every documented response, as {@code GET /jobs/{id} 200}. */
    static List<String> responses() {
        List<String> responses = new ArrayList<>();
        DOCUMENT.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> method.getValue()
                                .path("responses")
                                .fieldNames()
                                .forEachRemaining(status -> responses.add(method.getKey()
                                                .toUpperCase(Locale.ROOT) + " " + path.getKey() + " " + status))));
        return responses;
    }

    /** Checks that the response to this method and path is one that is documented, headers and body included. */
    static void check(String method, String path, APIGatewayV2HTTPResponse response) {
        if (response.getStatusCode() == 405 || template(path).isEmpty()) {
            checkBody("Problem", "application/problem+json", response);
            return;
        }
        JsonNode documented = resolve(DOCUMENT.path("paths")
                .path(template(path))
                .path(method.toLowerCase(Locale.ROOT))
                .path("responses")
                .path(Integer.toString(response.getStatusCode())));
        assertThat(documented.isMissingNode())
                .as("%s %s %s is not documented: %s", method, path, response.getStatusCode(), response.getBody())
                .isFalse();
        documented
                .path("headers")
                .fieldNames()
                .forEachRemaining(header -> assertThat(response.getHeaders()).containsKey(header));
        if (documented.path("content").isMissingNode()) {
            assertThat(response.getBody()).isEmpty();
        } else {
            var content = documented.path("content").properties().iterator().next();
            String reference = content.getValue().path("schema").path("$ref").asText();
            if (!reference.isEmpty()) {
                checkBody(reference.substring(reference.lastIndexOf('/') + 1), content.getKey(), response);
            }
        }
    }

    static JsonSchema schema(String name) {
        return SCHEMAS.computeIfAbsent(name, absent -> JsonSchema.of(STRICT, "/components/schemas/" + absent));
    }

    static JsonNode resolve(JsonNode node) {
        String reference = node.path("$ref").asText();
        return reference.isEmpty() ? node : DOCUMENT.at(reference.substring(1));
    }

    private static void checkBody(String schema, String contentType, APIGatewayV2HTTPResponse response) {
        assertThat(response.getHeaders()).containsEntry("Content-Type", contentType);
        try {
            assertThat(schema(schema).violations(Json.MAPPER.readTree(response.getBody())))
                    .as(response.getBody())
                    .isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String template(String path) {
        List<String> segments = List.of(path.split("/", -1));
        for (String template : (Iterable<String>) DOCUMENT.path("paths")::fieldNames) {
            List<String> pattern = List.of(template.split("/", -1));
            boolean matches = pattern.size() == segments.size();
            for (int i = 0; matches && i < pattern.size(); i++) {
                matches = pattern.get(i).startsWith("{")
                        ? !segments.get(i).isEmpty()
                        : pattern.get(i).equals(segments.get(i));
            }
            if (matches) {
                return template;
            }
        }
        return "";
    }

    private static JsonNode closed(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("type").asText().equals("object")
                && object.has("properties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(OpenApi::closed);
        return node;
    }
}
