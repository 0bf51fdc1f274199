package io.breakwater.local.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request as API Gateway's HTTP API hands it to a function, in payload format 2.0: header names in lower case,
 * repeated values joined by commas, cookies apart, the path decoded, and a body in base64 unless it is text.
 *
 * <p>The caller counts as signed in as the IAM user {@code local}, or the one that {@value #TENANT_HEADER} names.
 */
final class GatewayRequest {
    static final String TENANT_HEADER = "X-Breakwater-Local-Tenant";

    private static final String ACCOUNT = "000000000000";
    private static final String DEFAULT_USER = "local";
    private static final String STAGE = "$default";
    private static final Pattern USER_NAME = Pattern.compile("[\\w+=,.@-]{1,64}");
    private static final Pattern TEXT_TYPE =
            Pattern.compile("text/.*|application/(.+\\+)?(json|xml|javascript)", Pattern.CASE_INSENSITIVE);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final HttpExchange exchange;
    private final byte[] body;

    GatewayRequest(HttpExchange exchange, byte[] body) {
        this.exchange = exchange;
        this.body = body;
    }

    APIGatewayV2HTTPEvent event(String requestId, Instant now) throws RefusedRequestException {
        URI uri = exchange.getRequestURI();
        Headers headers = exchange.getRequestHeaders();
        Optional<String> text = text();
        return APIGatewayV2HTTPEvent.builder()
                .withVersion("2.0")
                .withRouteKey(STAGE)
                .withRawPath(uri.getPath())
                .withRawQueryString(Optional.ofNullable(uri.getRawQuery()).orElse(""))
                .withCookies(cookies(headers))
                .withHeaders(joined(headers))
                .withQueryStringParameters(parameters(uri.getRawQuery()))
                .withBody(
                        body.length == 0
                                ? null
                                : text.orElseGet(() -> Base64.getEncoder().encodeToString(body)))
                .withIsBase64Encoded(body.length > 0 && text.isEmpty())
                .withRequestContext(context(requestId, now))
                .build();
    }

    private RequestContext context(String requestId, Instant now) throws RefusedRequestException {
        Headers headers = exchange.getRequestHeaders();
        String host = Optional.ofNullable(headers.getFirst("Host")).orElse("");
        return RequestContext.builder()
                .withAccountId(ACCOUNT)
                .withApiId("local")
                .withDomainName(host)
                .withDomainPrefix(host.split("[.:]", 2)[0])
                .withRouteKey(STAGE)
                .withStage(STAGE)
                .withRequestId(requestId)
                .withTime(TIME.format(now))
                .withTimeEpoch(now.toEpochMilli())
                .withAuthorizer(RequestContext.Authorizer.builder()
                        .withIam(caller(Optional.ofNullable(headers.getFirst(TENANT_HEADER))
                                .orElse(DEFAULT_USER)))
                        .build())
                .withHttp(RequestContext.Http.builder()
                        .withMethod(exchange.getRequestMethod())
                        .withPath(exchange.getRequestURI().getPath())
                        .withProtocol(exchange.getProtocol())
                        .withSourceIp(exchange.getRemoteAddress().getAddress().getHostAddress())
                        .withUserAgent(headers.getFirst("User-Agent"))
                        .build())
                .build();
    }

    private static RequestContext.IAM caller(String user) throws RefusedRequestException {
        if (!USER_NAME.matcher(user).matches()) {
            throw new RefusedRequestException(
                    400, "Bad Request", TENANT_HEADER + " must be an IAM user name: " + USER_NAME.pattern());
        }
        return RequestContext.IAM
                .builder()
                .withAccessKey("local")
                .withAccountId(ACCOUNT)
                .withCallerId(user)
                .withUserId(user)
                .withUserArn("arn:aws:iam::" + ACCOUNT + ":user/" + user)
                .build();
    }

    private static Map<String, String> joined(Headers headers) {
        Map<String, String> joined = new TreeMap<>();
        headers.forEach((name, values) -> {
            if (!name.equalsIgnoreCase("Cookie")) {
                joined.put(name.toLowerCase(Locale.ROOT), String.join(",", values));
            }
        });
        return joined;
    }

    private static @Nullable List<String> cookies(Headers headers) {
        List<String> values = headers.get("Cookie");
        return values == null
                ? null
                : values.stream()
                        .flatMap(value -> Arrays.stream(value.split(";\\s*", -1)))
                        .filter(cookie -> !cookie.isBlank())
                        .toList();
    }

    private static @Nullable Map<String, String> parameters(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return null;
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : query.split("&", -1)) {
            String[] pair = parameter.split("=", 2);
            if (!pair[0].isEmpty()) {
                parameters.merge(decoded(pair[0]), pair.length == 2 ? decoded(pair[1]) : "", (a, b) -> a + "," + b);
            }
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** The body when the gateway would pass it on as text: a textual content type, or none, and valid UTF-8. */
    private Optional<String> text() {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type != null && !TEXT_TYPE.matcher(type.split(";", 2)[0].strip()).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
