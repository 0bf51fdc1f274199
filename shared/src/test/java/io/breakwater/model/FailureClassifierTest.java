package io.breakwater.model;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockruntime.model.BedrockRuntimeException;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InternalServerException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelErrorException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelNotReadyException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelTimeoutException;
import software.amazon.awssdk.services.bedrockruntime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockruntime.model.ServiceUnavailableException;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;
import software.amazon.awssdk.thirdparty.jackson.core.JsonParseException;

class FailureClassifierTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    /** Every class that Converse declares; the ones without an answer of their own stand for the rest of the SDK. */
    private static final Map<Class<?>, FailureKind> DECLARED_BY_CONVERSE = Map.ofEntries(
            entry(AccessDeniedException.class, FailureKind.ACCESS_DENIED),
            entry(ThrottlingException.class, FailureKind.THROTTLED),
            entry(ResourceNotFoundException.class, FailureKind.END_OF_LIFE),
            entry(ModelTimeoutException.class, FailureKind.TIMEOUT),
            entry(InternalServerException.class, FailureKind.SERVER_ERROR),
            entry(ServiceUnavailableException.class, FailureKind.SERVER_ERROR),
            entry(ValidationException.class, FailureKind.CALLER_FAULT),
            entry(ModelNotReadyException.class, FailureKind.SERVER_ERROR),
            entry(ModelErrorException.class, FailureKind.SERVER_ERROR),
            entry(BedrockRuntimeException.class, FailureKind.SERVER_ERROR),
            entry(AwsServiceException.class, FailureKind.SERVER_ERROR),
            entry(SdkClientException.class, FailureKind.SERVER_ERROR));

    @Test
    void everyExceptionThatConverseDeclaresHasItsKind() throws NoSuchMethodException {
        // Given
        Class<?>[] declared = BedrockRuntimeClient.class
                .getMethod("converse", ConverseRequest.class)
                .getExceptionTypes();

        // When, Then
        assertThat(DECLARED_BY_CONVERSE).containsOnlyKeys(declared);
        assertThat(Arrays.asList(declared))
                .allSatisfy(
                        type -> assertThat(classify(instance(type)).kind()).isEqualTo(DECLARED_BY_CONVERSE.get(type)));
    }

    private static Throwable instance(Class<?> type) throws ReflectiveOperationException {
        if (type == SdkClientException.class) {
            return SdkClientException.create("x");
        }
        var builder = (AwsServiceException.Builder) type.getMethod("builder").invoke(null);
        return builder.message("x").statusCode(500).build();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # code                          | status | message                                                          | kind
        ThrottlingException             | 429 | Too many requests, please wait before trying again.                 | THROTTLED
        ThrottlingException             | 429 | Too many tokens, please wait before trying again.                   | THROTTLED
        ThrottlingException             | 429 | Too many tokens per day, please wait before trying again.           | DAILY_QUOTA
        throttlingException             | 400 | Your request rate is too high. Reduce the frequency of requests.    | THROTTLED
        TooManyRequestsException        | 429 | -                                                                   | THROTTLED
        ServiceQuotaExceededException   | 400 | Your request exceeds the service quota for your account.            | THROTTLED
        ServiceQuotaExceededException   | 400 | You have reached your daily token quota.                            | DAILY_QUOTA
        -                               | 429 | Too many tokens per day, please wait before trying again.           | DAILY_QUOTA
        -                               | 429 | -                                                                   | THROTTLED
        ModelTimeoutException           | 408 | Model has timed out in processing the request.                      | TIMEOUT
        -                               | 504 | -                                                                   | TIMEOUT
        ModelNotReadyException          | 429 | Model is not ready for inference.                                   | SERVER_ERROR
        ModelErrorException             | 424 | The request failed due to an error while processing the model.      | SERVER_ERROR
        InternalServerException         | 500 | The system encountered an unexpected error during processing.       | SERVER_ERROR
        ServiceUnavailableException     | 503 | Too many connections, please wait before trying again.              | SERVER_ERROR
        ServiceUnavailableException     | 400 | Bedrock is unable to process your request.                          | SERVER_ERROR
        serviceUnavailableException     | 400 | -                                                                   | SERVER_ERROR
        ValidationException             | 400 | Bedrock is unable to process your request.                          | SERVER_ERROR
        -                               | 400 | Bedrock is unable to process your request.                          | SERVER_ERROR
        -                               | 400 | serviceUnavailableException: Bedrock is unable to process your request. | SERVER_ERROR
        -                               | 502 | -                                                                   | SERVER_ERROR
        ValidationException             | 400 | Input is too long for requested model.                              | CALLER_FAULT
        ValidationException             | 400 | The model returned the following errors: prompt is too long         | CALLER_FAULT
        -                               | 413 | -                                                                   | CALLER_FAULT
        ResourceNotFoundException       | 404 | This model version has reached the end of its life.                 | END_OF_LIFE
        ResourceNotFoundException       | 404 | Access denied. This Model is marked by provider as Legacy           | END_OF_LIFE
        ValidationException             | 400 | This model version has reached the end of its life.                 | END_OF_LIFE
        ValidationException             | 400 | Invocation of model ID amazon.nova-2-lite-v1:0 with on-demand throughput isn’t supported. | END_OF_LIFE
        ValidationException             | 400 | The provided model doesn't support on-demand throughput.            | END_OF_LIFE
        ValidationException             | 400 | The provided model identifier is invalid.                           | END_OF_LIFE
        ValidationException             | 400 | '1 validation error detected: Value ''x'' at ''modelId'' failed to satisfy constraint' | END_OF_LIFE
        UnknownOperationException       | 404 | -                                                                   | END_OF_LIFE
        -                               | 404 | -                                                                   | END_OF_LIFE
        AccessDeniedException           | 403 | You don't have access to the model with the specified model ID.     | ACCESS_DENIED
        ResourceNotFoundException       | 404 | Model use case details have not been submitted for this account.    | ACCESS_DENIED
        ValidationException             | 400 | Operation not allowed                                               | ACCESS_DENIED
        ValidationException             | 400 | Your account is not authorized to invoke this API operation.        | ACCESS_DENIED
        UnrecognizedClientException     | 403 | The security token included in the request is invalid.              | ACCESS_DENIED
        ExpiredTokenException           | 400 | The security token included in the request is expired               | ACCESS_DENIED
        -                               | 403 | -                                                                   | ACCESS_DENIED
        -                               | 302 | -                                                                   | MALFORMED
        """)
    void anAnswerGoesByCodeThenMessageThenStatus(
            @Nullable String code, int status, @Nullable String message, FailureKind kind) {
        assertThat(classify(answer(code, status, message)).kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 validation error detected: Value 'Too many tokens per day' at 'stopSequences' failed to satisfy",
                "1 validation error detected: Value 'x' at 'modelId' failed' at 'stopSequences' failed to satisfy",
                "1 validation error detected: Value 'x' at 'modelId' failed\n' at 'stopSequences' failed to satisfy",
                "The model returned the following errors: This model version has reached the end of its life",
                "The model returned the following errors: ServiceUnavailableException"
            })
    void whatACallerWroteCannotPassForAnOutage(String message) {
        assertThat(classify(answer("ValidationException", 400, message)).kind()).isEqualTo(FailureKind.CALLER_FAULT);
    }

    @SuppressWarnings("deprecation")
    private static Stream<Arguments> unanswered() {
        return Stream.of(
                Arguments.of(ApiCallTimeoutException.create(200), FailureKind.TIMEOUT),
                Arguments.of(ApiCallAttemptTimeoutException.create(200), FailureKind.TIMEOUT),
                Arguments.of(sdk(new SocketTimeoutException("Read timed out")), FailureKind.TIMEOUT),
                Arguments.of(sdk(new TimeoutException("pool")), FailureKind.TIMEOUT),
                Arguments.of(sdk(new ConnectException("Connection refused")), FailureKind.SERVER_ERROR),
                Arguments.of(sdk(new SocketException("Connection reset")), FailureKind.SERVER_ERROR),
                Arguments.of(sdk(new UnknownHostException("bedrock")), FailureKind.SERVER_ERROR),
                Arguments.of(
                        sdk(new UncheckedIOException(new JsonParseException(null, "no JSON"))), FailureKind.MALFORMED),
                Arguments.of(
                        sdk(new UncheckedIOException(new IOException("Premature end of body"))),
                        FailureKind.SERVER_ERROR),
                Arguments.of(SdkClientException.create("Unable to unmarshall response (x)"), FailureKind.MALFORMED),
                Arguments.of(
                        SdkClientException.create("Unable to load credentials from any of the providers"),
                        FailureKind.ACCESS_DENIED),
                Arguments.of(new IllegalStateException(), FailureKind.SERVER_ERROR));
    }

    @ParameterizedTest
    @MethodSource
    void unanswered(Throwable failure, FailureKind kind) {
        assertThat(classify(failure).kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        17                            | PT17S
        0                             | PT0S
        Tue, 24 Nov 2026 12:01:30 GMT | PT1M30S
        Tue, 24 Nov 2026 11:00:00 GMT | PT0S
        soon                          | -
        -5                            | -
        99999999999999999999          | -
        """)
    void retryAfterIsSecondsOrADate(String header, @Nullable Duration expected) {
        // Given
        var response = SdkHttpResponse.builder()
                .statusCode(429)
                .putHeader("Retry-After", header)
                .build();
        Throwable failure = ThrottlingException.builder()
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("ThrottlingException")
                        .errorMessage("x")
                        .sdkHttpResponse(response)
                        .build())
                .build();

        // When, Then
        assertThat(classify(failure).retryAfter()).isEqualTo(expected);
    }

    @Test
    void theMessageKeepsTheDeploymentsRolesToItself() {
        assertThat(classify(answer(
                                "AccessDeniedException",
                                403,
                                "User: arn:aws:sts::123456789012:assumed-role/worker/breakwater is not authorized"))
                        .message())
                .isEqualTo("User: the worker's role is not authorized");
    }

    @Test
    void aLongMessageIsCut() {
        assertThat(classify(answer("ValidationException", 400, "x".repeat(5_000)))
                        .message())
                .hasSize(1_001);
    }

    private static ModelResult.Failure classify(Throwable failure) {
        return FailureClassifier.classify(failure, NOW);
    }

    private static Throwable sdk(Throwable cause) {
        return SdkClientException.create("Unable to execute HTTP request", cause);
    }

    private static Throwable answer(@Nullable String code, int status, @Nullable String message) {
        return BedrockRuntimeException.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }
}
