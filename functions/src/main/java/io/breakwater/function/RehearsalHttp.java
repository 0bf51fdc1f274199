package io.breakwater.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;

/**
 * AWS as it is played to a function that rehearses: it agrees to everything, keeps of each table the item put last, with
 * what was set in it since, and nothing leaves the process.
 */
final class RehearsalHttp implements SdkHttpClient {
    private static final String REPLY = """
        {"output":{"message":{"role":"assistant","content":[{"text":"Aye."}]}},"stopReason":"end_turn",\
        "usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2},"metrics":{"latencyMs":1}}\
        """;

    /** An attribute that an update sets as it is. */
    private static final Pattern ASSIGNMENT = Pattern.compile("(#?\\w+) = (:\\w+)(?=,| REMOVE|$)");

    private final Map<String, ObjectNode> lastItems = new ConcurrentHashMap<>();

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() {
                byte[] body = answer(request).getBytes(StandardCharsets.UTF_8);
                return HttpExecuteResponse.builder()
                        .response(SdkHttpFullResponse.builder()
                                .statusCode(200)
                                .putHeader("Content-Type", "application/json")
                                .putHeader("Content-Length", Integer.toString(body.length))
                                .build())
                        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
                        .build();
            }

            @Override
            public void abort() {}
        };
    }

    private String answer(HttpExecuteRequest request) {
        String operation = request.httpRequest()
                .firstMatchingHeader("X-Amz-Target")
                .map(target -> target.substring(target.indexOf('.') + 1))
                .orElse("");
        return switch (operation) {
            case "" -> request.httpRequest().encodedPath().endsWith("/converse") ? REPLY : "";
            case "SendMessage" -> "{\"MessageId\":\"rehearsal\"}";
            default -> item(operation, body(request));
        };
    }

    /** A query finds the last item, too. */
    private String item(String operation, JsonNode body) {
        String table = body.path("TableName").asText();
        ObjectNode answer = Json.MAPPER.createObjectNode();
        if (operation.equals("PutItem")) {
            lastItems.put(table, body.withObject("Item"));
        } else if (operation.equals("Query")) {
            ArrayNode items = answer.put("Count", 0).putArray("Items");
            Optional.ofNullable(lastItems.get(table)).ifPresent(items::add);
        } else {
            Optional.ofNullable(lastItems.get(table)).ifPresent(item -> {
                assign(body, item);
                answer.set(operation.equals("GetItem") ? "Item" : "Attributes", item);
            });
        }
        return answer.toString();
    }

    private static void assign(JsonNode update, ObjectNode item) {
        JsonNode names = update.path("ExpressionAttributeNames");
        Matcher assignments = ASSIGNMENT.matcher(update.path("UpdateExpression").asText());
        while (assignments.find()) {
            String name = assignments.group(1);
            item.set(
                    names.path(name).asText(name),
                    update.path("ExpressionAttributeValues").path(assignments.group(2)));
        }
    }

    private static JsonNode body(HttpExecuteRequest request) {
        try (InputStream stream = request.contentStreamProvider().orElseThrow().newStream()) {
            return Json.MAPPER.readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String clientName() {
        return "rehearsal";
    }

    @Override
    public void close() {}
}
