package io.breakwater.function.request;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An HTTP request as API Gateway's HTTP API delivers it, in payload format 2.0. */
final class Request {
    /** Room for any prompt that a model's context holds, and a bound on what one request can cost. */
    static final int MAX_BODY_BYTES = 1024 * 1024;

    private final APIGatewayV2HTTPEvent event;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    Request(APIGatewayV2HTTPEvent event) {
        this.event = event;
        if (event.getHeaders() != null) {
            headers.putAll(event.getHeaders());
        }
    }

    String method() {
        return event.getRequestContext().getHttp().getMethod().toUpperCase(Locale.ROOT);
    }

    /** The path, which API Gateway has decoded, without the name of a stage that is not the default one. */
    String path() {
        String path = event.getRawPath();
        String stage = "/" + event.getRequestContext().getStage();
        return path.startsWith(stage + "/") ? path.substring(stage.length()) : path;
    }

    Map<String, String> query() {
        Map<String, String> query = event.getQueryStringParameters();
        return query == null ? Map.of() : query;
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** On whose behalf it is made. */
    String tenant() {
        return Tenant.of(event)
                .orElseThrow(() -> new ProblemException(
                        Problem.of(
                                Problem.Kind.UNAUTHENTICATED, "the request comes without an authenticated principal"),
                        Map.of("WWW-Authenticate", "AWS4-HMAC-SHA256, Bearer")));
    }

    /** The body as it was sent, which is JSON by its declaration, small enough, and UTF-8. */
    String body() {
        requireJson();
        String body = event.getBody() == null ? "" : event.getBody();
        return event.getIsBase64Encoded() ? decode(body) : check(body);
    }

    private void requireJson() {
        String type = header("Content-Type").orElse("application/json");
        String[] parts = type.toLowerCase(Locale.ROOT).replaceAll("\\s|\"", "").split(";", 2);
        if (!parts[0].equals("application/json") || (parts.length == 2 && !parts[1].equals("charset=utf-8"))) {
            throw new ProblemException(
                    Problem.Kind.UNSUPPORTED_MEDIA_TYPE,
                    "the body must be application/json in UTF-8, its Content-Type is " + type);
        }
    }

    private static String decode(String base64) {
        if (base64.length() / 4 * 3 > MAX_BODY_BYTES + 2) {
            throw tooLarge();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (bytes.length > MAX_BODY_BYTES) {
                throw tooLarge();
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw notUtf8();
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.Kind.MALFORMED_BODY, "the body is not base64: " + e.getMessage());
        }
    }

    private static String check(String body) {
        if (body.length() > MAX_BODY_BYTES) {
            throw tooLarge();
        }
        try {
            if (StandardCharsets.UTF_8
                            .newEncoder()
                            .encode(CharBuffer.wrap(body))
                            .remaining()
                    > MAX_BODY_BYTES) {
                throw tooLarge();
            }
            return body;
        } catch (CharacterCodingException e) {
            throw notUtf8();
        }
    }

    private static ProblemException tooLarge() {
        return new ProblemException(
                Problem.Kind.BODY_TOO_LARGE, "the body must not be longer than " + MAX_BODY_BYTES + " bytes");
    }

    private static ProblemException notUtf8() {
        return new ProblemException(Problem.Kind.MALFORMED_BODY, "the body is not valid UTF-8");
    }
}
