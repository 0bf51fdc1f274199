package io.breakwater.backend;

import io.breakwater.local.engine.AwsResources;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The real SDK's clients for a test's resources, one HTTP pool under all. */
public final class AwsClients implements AutoCloseable {
    private static final Region REGION = Region.of(AwsResources.REGION);
    private static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));

    /** Without the SDK's budget of retries, which a test that provokes many would use up. */
    private static final RetryStrategy FEW_ATTEMPTS = AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .maxAttempts(3)
            .circuitBreakerEnabled(false)
            .build();

    private final SdkHttpClient http = Apache5HttpClient.create();
    private final DynamoDbClient dynamoDb;
    private final SqsClient sqs;
    private final S3Client s3;
    private final S3Presigner presigner;

    /** Clients whose every request passes the interceptors. */
    public AwsClients(AwsResources resources, ExecutionInterceptor... interceptors) {
        dynamoDb = build(DynamoDbClient.builder().httpClient(http), resources.dynamoDb(), interceptors);
        sqs = build(SqsClient.builder().httpClient(http), resources.sqs(), interceptors);
        s3 = build(S3Client.builder().httpClient(http).forcePathStyle(true), resources.s3(), interceptors);
        presigner = S3Presigner.builder()
                .endpointOverride(resources.s3())
                .region(REGION)
                .credentialsProvider(CREDENTIALS)
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .build();
    }

    private static <B extends AwsClientBuilder<B, C>, C> C build(
            B builder, URI endpoint, ExecutionInterceptor... interceptors) {
        var configuration = ClientOverrideConfiguration.builder().retryStrategy(FEW_ATTEMPTS);
        for (ExecutionInterceptor interceptor : interceptors) {
            configuration.addExecutionInterceptor(interceptor);
        }
        return builder.endpointOverride(endpoint)
                .region(REGION)
                .credentialsProvider(CREDENTIALS)
                .overrideConfiguration(configuration.build())
                .build();
    }

    public DynamoDbClient dynamoDb() {
        return dynamoDb;
    }

    public SqsClient sqs() {
        return sqs;
    }

    public S3Client s3() {
        return s3;
    }

    public S3Presigner presigner() {
        return presigner;
    }

    @Override
    public void close() {
        dynamoDb.close();
        sqs.close();
        s3.close();
        presigner.close();
        http.close();
    }
}
