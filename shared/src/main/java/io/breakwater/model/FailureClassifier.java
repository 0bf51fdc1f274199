package io.breakwater.model;

import static io.breakwater.model.FailureKind.ACCESS_DENIED;
import static io.breakwater.model.FailureKind.CALLER_FAULT;
import static io.breakwater.model.FailureKind.DAILY_QUOTA;
import static io.breakwater.model.FailureKind.END_OF_LIFE;
import static io.breakwater.model.FailureKind.MALFORMED;
import static io.breakwater.model.FailureKind.SERVER_ERROR;
import static io.breakwater.model.FailureKind.THROTTLED;
import static io.breakwater.model.FailureKind.TIMEOUT;
import static java.util.Map.entry;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.thirdparty.jackson.core.JacksonException;

/**
 * Tells what kind of failure an exception of the SDK is.
 *
 * <p>The service's answers go by error code, then by message, then by HTTP status, because Bedrock sends one trouble in
 * several wrappings: a retired model is a {@code ResourceNotFoundException} in one region and a
 * {@code ValidationException} in another, and "service unavailable" has come inside a 400. A message counts only by how
 * it begins: further on it may quote the caller's input, and no input may pass for an outage.
 */
public final class FailureClassifier {
    private static final int MAX_MESSAGE_LENGTH = 1_000;

    private static final Map<String, FailureKind> BY_CODE = Map.ofEntries(
            entry("throttling", THROTTLED),
            entry("throttled", THROTTLED),
            entry("toomanyrequests", THROTTLED),
            entry("requestlimitexceeded", THROTTLED),
            entry("limitexceeded", THROTTLED),
            entry("servicequotaexceeded", THROTTLED),
            entry("modeltimeout", TIMEOUT),
            entry("requesttimeout", TIMEOUT),
            entry("internalserver", SERVER_ERROR),
            entry("internalservererror", SERVER_ERROR),
            entry("internalfailure", SERVER_ERROR),
            entry("serviceunavailable", SERVER_ERROR),
            entry("modelnotready", SERVER_ERROR),
            entry("modelerror", SERVER_ERROR),
            entry("modelstreamerror", SERVER_ERROR),
            entry("accessdenied", ACCESS_DENIED),
            entry("unrecognizedclient", ACCESS_DENIED),
            entry("expiredtoken", ACCESS_DENIED),
            entry("requestexpired", ACCESS_DENIED),
            entry("invalidclienttokenid", ACCESS_DENIED),
            entry("invalidsignature", ACCESS_DENIED),
            entry("incompletesignature", ACCESS_DENIED),
            entry("signaturedoesnotmatch", ACCESS_DENIED),
            entry("missingauthenticationtoken", ACCESS_DENIED),
            entry("notauthorized", ACCESS_DENIED),
            entry("optinrequired", ACCESS_DENIED),
            entry("resourcenotfound", END_OF_LIFE),
            entry("unknownoperation", END_OF_LIFE),
            entry("validation", CALLER_FAULT));

    /** Codes under which Bedrock says several different things. */
    private static final List<String> AMBIGUOUS_CODES = List.of("validation", "resourcenotfound");

    private static final Map<FailureKind, Pattern> BY_MESSAGE = Map.of(
            THROTTLED, opening("too many tokens", "too many requests", "your request rate is too high"),
            SERVER_ERROR,
                    opening(
                            "bedrock is unable to process your request",
                            "the system encountered an unexpected error",
                            "(the )?service (is )?((temporarily|currently) )?unavailable",
                            "too many connections"),
            ACCESS_DENIED,
                    opening(
                            "operation not allowed",
                            "your account is not authorized",
                            "you don.t have access to the model",
                            "access to \\w+ models is not allowed",
                            "model use case details have not been submitted",
                            "the security token included in the request"),
            END_OF_LIFE,
                    opening(
                            "this model version has reached the end of its life",
                            "invocation of model id \\S+ with on-demand throughput",
                            "the provided model doesn.t support on-demand throughput",
                            "the provided model identifier is invalid",
                            "this action doesn.t support the model",
                            "model not found",
                            // No later field may be named: the quoted value may itself look like the rest of the
                            // message.
                            "1 validation error detected: value '(?>.*' at 'modelid' failed)(?!.*' at ')"));

    private static final Pattern CODE_IN_MESSAGE = Pattern.compile("\\w+Exception\\b");
    private static final Pattern PER_DAY = Pattern.compile("\\bper day\\b|\\bdaily\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern ATTEMPT_COUNT = Pattern.compile(" \\(SDK Attempt Count: \\d+\\)");
    private static final Pattern PRINCIPAL_ARN = Pattern.compile("arn:[\\w-]+:(?:iam|sts)::\\S+");

    private FailureClassifier() {}

    /**
     * Turns what a call threw into its failure.
     *
     * @param now from when a {@code Retry-After} date is counted
     */
    public static ModelResult.Failure classify(Throwable failure, Instant now) {
        return failure instanceof AwsServiceException answer ? answered(answer, now) : unanswered(failure);
    }

    private static ModelResult.Failure answered(AwsServiceException answer, Instant now) {
        Optional<AwsErrorDetails> details = Optional.ofNullable(answer.awsErrorDetails());
        String message = details.map(AwsErrorDetails::errorMessage)
                .or(() -> Optional.ofNullable(answer.getMessage()))
                .orElse("HTTP " + answer.statusCode() + " without a message");
        String code = normalized(details.map(AwsErrorDetails::errorCode)
                .orElseGet(() -> answer.getClass().getSimpleName()));
        FailureKind kind = byCode(code)
                .or(() -> byMessage(message))
                .or(() -> Optional.ofNullable(BY_CODE.get(code)))
                .orElseGet(() -> byStatus(answer.statusCode()));
        if (kind == THROTTLED && PER_DAY.matcher(message).find()) {
            kind = DAILY_QUOTA;
        }
        return new ModelResult.Failure(
                kind,
                presentable(message),
                details.map(AwsErrorDetails::sdkHttpResponse)
                        .flatMap(response -> RetryAfter.of(response, now))
                        .orElse(null));
    }

    private static Optional<FailureKind> byCode(String code) {
        return AMBIGUOUS_CODES.contains(code) ? Optional.empty() : Optional.ofNullable(BY_CODE.get(code));
    }

    private static Optional<FailureKind> byMessage(String message) {
        Matcher code = CODE_IN_MESSAGE.matcher(message);
        if (code.lookingAt()) {
            return byCode(normalized(code.group()));
        }
        return BY_MESSAGE.entrySet().stream()
                .filter(wording -> wording.getValue().matcher(message).lookingAt())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static FailureKind byStatus(int status) {
        return switch (status) {
            case 401, 403 -> ACCESS_DENIED;
            case 404, 410 -> END_OF_LIFE;
            case 408, 504 -> TIMEOUT;
            case 424 -> SERVER_ERROR;
            case 429 -> THROTTLED;
            default -> status >= 500 ? SERVER_ERROR : status >= 400 ? CALLER_FAULT : MALFORMED;
        };
    }

    private static ModelResult.Failure unanswered(Throwable failure) {
        String message = Optional.ofNullable(failure.getMessage())
                .orElseGet(() -> failure.getClass().getSimpleName());
        return new ModelResult.Failure(withoutAnswer(failure, message), presentable(message), null);
    }

    private static FailureKind withoutAnswer(Throwable failure, String message) {
        if (hasCause(failure, ApiCallTimeoutException.class)
                || hasCause(failure, ApiCallAttemptTimeoutException.class)
                || hasCause(failure, SocketTimeoutException.class)
                || hasCause(failure, TimeoutException.class)) {
            return TIMEOUT;
        }
        // A parser's exception is an IOException too; one that the network caused is not the parser's.
        if (hasCause(failure, JacksonException.class)) {
            return MALFORMED;
        }
        if (hasCause(failure, IOException.class)) {
            return SERVER_ERROR;
        }
        if (message.startsWith("Unable to unmarshall response")) {
            return MALFORMED;
        }
        return message.startsWith("Unable to load credentials") ? ACCESS_DENIED : SERVER_ERROR;
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(type::isInstance);
    }

    /** {@code com.amazon.bedrock#serviceUnavailableException:http://…} becomes {@code serviceunavailable}. */
    private static String normalized(String code) {
        String name = code.substring(code.indexOf('#') + 1);
        int namespace = name.indexOf(':');
        return (namespace < 0 ? name : name.substring(0, namespace))
                .toLowerCase(Locale.ROOT)
                .replaceFirst("exception$", "");
    }

    /** Fit for the job's owner, who need not know the deployment's roles. */
    private static String presentable(String message) {
        String shown = PRINCIPAL_ARN
                .matcher(ATTEMPT_COUNT.matcher(message).replaceAll(""))
                .replaceAll("the worker's role");
        return shown.length() <= MAX_MESSAGE_LENGTH ? shown : shown.substring(0, MAX_MESSAGE_LENGTH) + "…";
    }

    private static Pattern opening(String... wordings) {
        return Pattern.compile(String.join("|", wordings), Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }
}
