package io.breakwater.function;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Makes the SDK's clients with attempts and timeouts that are chosen: the SDK's own defaults let DynamoDB try nine
 * times, and let one call outlast an invocation.
 */
public final class AwsClients {
    /** Enough for the odd lost packet; what lasts longer is the caller's to hear of. */
    private static final int ATTEMPTS = 3;

    private static final Duration ATTEMPT = Duration.ofSeconds(2);
    private static final Duration CALL = Duration.ofSeconds(6);

    /** The breaker is asked before a call is made: it must not hold the call up. */
    private static final Duration BREAKER_CALL = Duration.ofSeconds(1);

    /** For objects of up to a megabyte. */
    private static final Duration OBJECT_ATTEMPT = Duration.ofSeconds(10);

    private static final Duration OBJECT_CALL = Duration.ofSeconds(25);

    private final Settings settings;
    private final SdkHttpClient httpClient;

    /** One for all: each would else look for credentials, and fetch them, by itself. */
    private final AwsCredentialsProvider credentials =
            DefaultCredentialsProvider.builder().build();

    /**
     * Creates clients that share one HTTP client.
     *
     * @param httpClient stays the caller's to close
     */
    public AwsClients(Settings settings, SdkHttpClient httpClient) {
        this.settings = settings;
        this.httpClient = httpClient;
    }

    /** For the jobs table, whose conditional writes may be repeated. */
    public DynamoDbClient jobs() {
        return with(DynamoDbClient.builder(), settings.dynamoDbEndpoint(), retrying(), ATTEMPT, CALL)
                .build();
    }

    /** For the endpoints table, whose counting writes must not be repeated. */
    public DynamoDbClient endpoints() {
        return with(
                        DynamoDbClient.builder(),
                        settings.dynamoDbEndpoint(),
                        AwsRetryStrategy.doNotRetry(),
                        BREAKER_CALL,
                        BREAKER_CALL)
                .build();
    }

    public SqsClient sqs() {
        return with(SqsClient.builder(), settings.sqsEndpoint(), retrying(), ATTEMPT, CALL)
                .build();
    }

    public S3Client s3() {
        return with(S3Client.builder(), settings.s3Endpoint(), retrying(), OBJECT_ATTEMPT, OBJECT_CALL)
                .forcePathStyle(settings.s3Endpoint().isPresent())
                .build();
    }

    public S3Presigner s3Presigner() {
        S3Presigner.Builder presigner = S3Presigner.builder()
                .region(Region.of(settings.region()))
                .credentialsProvider(credentials)
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(settings.s3Endpoint().isPresent())
                        .build());
        settings.s3Endpoint().ifPresent(presigner::endpointOverride);
        return presigner.build();
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B with(
            B builder, Optional<URI> endpoint, RetryStrategy retries, Duration attempt, Duration call) {
        endpoint.ifPresent(builder::endpointOverride);
        return builder.region(Region.of(settings.region()))
                .httpClient(httpClient)
                .credentialsProvider(credentials)
                .overrideConfiguration(override -> override.retryStrategy(retries)
                        .apiCallAttemptTimeout(attempt)
                        .apiCallTimeout(call));
    }

    private static RetryStrategy retrying() {
        return AwsRetryStrategy.standardRetryStrategy().toBuilder()
                .maxAttempts(ATTEMPTS)
                .build();
    }
}
