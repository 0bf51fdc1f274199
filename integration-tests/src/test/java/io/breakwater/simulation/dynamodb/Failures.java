package io.breakwater.simulation.dynamodb;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** What a DynamoDB client throws, as the SDK makes it from an answer or from the lack of one. */
public final class Failures {
    private Failures() {}

    /** No answer came: the request or its answer is lost, and the caller cannot know which. */
    public static SdkClientException connectionLost() {
        return SdkClientException.create("Unable to execute HTTP request: The target server failed to respond");
    }

    /** No answer came in time, which says nothing of whether the request was applied. */
    public static ApiCallTimeoutException timedOut(Duration timeout) {
        return ApiCallTimeoutException.create(timeout.toMillis());
    }

    /** The partition takes no more requests at the moment; nothing was applied. */
    public static ProvisionedThroughputExceededException throttled(Instant at) {
        String message = "The level of configured provisioned throughput for the table was exceeded.";
        return ProvisionedThroughputExceededException.builder()
                .message(message)
                .statusCode(400)
                .awsErrorDetails(details("ProvisionedThroughputExceededException", message, HttpAnswers.of(400, at)))
                .build();
    }

    /** DynamoDB failed; AWS does not say whether the request was applied. */
    public static InternalServerErrorException internalError(Instant at) {
        String message = "Internal server error";
        return InternalServerErrorException.builder()
                .message(message)
                .statusCode(500)
                .awsErrorDetails(details("InternalServerError", message, HttpAnswers.of(500, at)))
                .build();
    }

    /** DynamoDB is not there. */
    public static DynamoDbException unavailable(Instant at) {
        String message = "The service is unavailable. Please try again.";
        return (DynamoDbException) DynamoDbException.builder()
                .message(message)
                .statusCode(503)
                .awsErrorDetails(details("ServiceUnavailable", message, HttpAnswers.of(503, at)))
                .build();
    }

    static DynamoDbException invalid(Refusal refusal, Instant at) {
        String message = refusal.getMessage();
        return (DynamoDbException) DynamoDbException.builder()
                .message(message)
                .cause(refusal)
                .statusCode(400)
                .awsErrorDetails(details("ValidationException", message, HttpAnswers.of(400, at)))
                .build();
    }

    static ResourceNotFoundException noTable(Instant at) {
        String message = "Requested resource not found";
        return ResourceNotFoundException.builder()
                .message(message)
                .statusCode(400)
                .awsErrorDetails(details("ResourceNotFoundException", message, HttpAnswers.of(400, at)))
                .build();
    }

    /** Without a stack trace: a simulation sees many, and none of them is an error. */
    static ConditionalCheckFailedException conditionFailed(Map<String, AttributeValue> item, Instant at) {
        String message = "The conditional request failed";
        ConditionalCheckFailedException.Builder failure = ConditionalCheckFailedException.builder()
                .message(message)
                .statusCode(400)
                .writableStackTrace(false)
                .awsErrorDetails(details("ConditionalCheckFailedException", message, HttpAnswers.of(400, at)));
        if (!item.isEmpty()) {
            failure.item(item);
        }
        return failure.build();
    }

    private static AwsErrorDetails details(String code, @Nullable String message, SdkHttpResponse http) {
        return AwsErrorDetails.builder()
                .serviceName("DynamoDb")
                .errorCode(code)
                .errorMessage(message)
                .sdkHttpResponse(http)
                .build();
    }
}
