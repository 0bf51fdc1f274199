package io.breakwater.function.request;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.job.JobRequest;
import io.breakwater.json.Violation;
import io.breakwater.model.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /jobs}: what its schema cannot say, and what it means. */
final class Submission {
    private Submission() {}

    /** Which rules the body breaks that are beyond its schema; for any JSON, however wrong. */
    static List<Violation> violations(JsonNode body) {
        if (!body.isObject()) {
            return List.of();
        }
        if (body.has("prompt") == body.has("messages")) {
            return List.of(
                    body.has("prompt")
                            ? new Violation("messages", "must not be given together with prompt")
                            : new Violation("prompt", "is required, or messages in its place"));
        }
        return body.path("messages").isArray() ? turns(body.path("messages")) : List.of();
    }

    /** Converse wants the user to begin and the roles to alternate, and only some models go on with their own words. */
    private static List<Violation> turns(JsonNode messages) {
        List<Violation> violations = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            String expected = i % 2 == 0 ? "user" : "assistant";
            String role = messages.path(i).path("role").asText();
            boolean known = role.equals("user") || role.equals("assistant");
            if (known && !role.equals(expected)) {
                violations.add(new Violation(
                        "messages[" + i + "].role", "must be " + expected + ": the user begins, and roles alternate"));
                return violations;
            }
        }
        int last = messages.size() - 1;
        if (messages.path(last).path("role").asText().equals("assistant")) {
            violations.add(new Violation("messages[" + last + "].role", "must be user: the user has the last word"));
        }
        return violations;
    }

    /** The request that a valid body makes. */
    static JobRequest request(JsonNode body) {
        return new JobRequest(
                body.has("prompt")
                        ? List.of(new Message(
                                Message.Role.USER, body.path("prompt").textValue()))
                        : elements(body.path("messages"))
                                .map(Submission::message)
                                .toList(),
                text(body.path("system")),
                body.has("maxTokens") ? body.path("maxTokens").intValue() : null,
                body.has("temperature") ? body.path("temperature").doubleValue() : null,
                elements(body.path("stopSequences")).map(JsonNode::textValue).toList(),
                body.path("allowDegraded").asBoolean(true),
                JobRequest.WhenUnavailable.valueOf(
                        body.path("whenUnavailable").asText("queue").toUpperCase(Locale.ROOT)),
                body.path("deadlineSeconds").asLong(JobRequest.DEFAULT_DEADLINE_SECONDS),
                metadata(body.path("metadata")));
    }

    private static Message message(JsonNode message) {
        return new Message(
                Message.Role.valueOf(message.path("role").textValue().toUpperCase(Locale.ROOT)),
                message.path("content").textValue());
    }

    private static Map<String, String> metadata(JsonNode entries) {
        Map<String, String> metadata = new LinkedHashMap<>();
        entries.properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().textValue()));
        return metadata;
    }

    private static @Nullable String text(JsonNode node) {
        return node.isMissingNode() ? null : node.textValue();
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
