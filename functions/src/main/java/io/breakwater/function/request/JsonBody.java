package io.breakwater.function.request;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.json.Json;
import io.breakwater.json.JsonSchema;
import io.breakwater.json.Violation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A kind of JSON body: its schema in the OpenAPI file, and the rules that a schema cannot state. */
final class JsonBody {
    private static final int MAX_DETAIL_LENGTH = 300;

    private final JsonSchema schema;
    private final Function<JsonNode, List<Violation>> rules;

    JsonBody(JsonSchema schema, Function<JsonNode, List<Violation>> rules) {
        this.schema = schema;
        this.rules = rules;
    }

    /**
     * Parses a body and checks all that is to be known of it.
     *
     * @throws ProblemException that says where it is no JSON, or everything that is wrong with it
     */
    JsonNode parse(String body) {
        JsonNode json = tree(body);
        List<Violation> violations = new ArrayList<>();
        findLoneSurrogates("", json, violations);
        if (violations.isEmpty()) {
            violations.addAll(schema.violations(json));
            violations.addAll(rules.apply(json));
        }
        if (!violations.isEmpty()) {
            throw ProblemException.invalid(violations);
        }
        return json;
    }

    private static JsonNode tree(String body) {
        if (body.isBlank()) {
            throw new ProblemException(Problem.Kind.MALFORMED_BODY, "the body is empty; it must be a JSON object");
        }
        try {
            return Json.MAPPER.readTree(body);
        } catch (StreamConstraintsException e) {
            throw new ProblemException(
                    Problem.Kind.MALFORMED_BODY,
                    e.getOriginalMessage().contains("nesting depth")
                            ? "the body is nested deeper than " + Json.MAX_DEPTH + " levels"
                            : "the body holds a name or a number that is too long");
        } catch (JsonProcessingException e) {
            throw new ProblemException(
                    Problem.Kind.MALFORMED_BODY,
                    "the body is not JSON" + place(e.getLocation()) + ": " + firstLine(e.getOriginalMessage()));
        }
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static String firstLine(String message) {
        String line = wellFormed(message.lines().findFirst().orElse(""));
        return line.length() <= MAX_DETAIL_LENGTH ? line : wellFormed(line.substring(0, MAX_DETAIL_LENGTH)) + "…";
    }

    /** JSON can escape half of a surrogate pair, which no UTF-8 can hold: it could be neither stored nor sent. */
    private static void findLoneSurrogates(String path, JsonNode node, List<Violation> violations) {
        if (violations.size() >= JsonSchema.MAX_VIOLATIONS) {
            return;
        }
        if (node.isTextual() && isMalformed(node.textValue())) {
            violations.add(new Violation(path, "must be valid Unicode, holds half of a surrogate pair"));
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String name = wellFormed(field.getKey());
            String child = path.isEmpty() ? name : path + "." + name;
            if (isMalformed(field.getKey())) {
                violations.add(new Violation(child, "must have a valid Unicode name, holds half of a surrogate pair"));
            }
            findLoneSurrogates(child, field.getValue(), violations);
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                findLoneSurrogates(path + "[" + i + "]", node.get(i), violations);
            }
        }
    }

    private static boolean isMalformed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (Character.isSurrogate(unit)) {
                boolean pair = Character.isHighSurrogate(unit)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
