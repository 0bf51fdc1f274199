package io.breakwater.local;

import io.breakwater.function.Settings;
import io.breakwater.local.queue.EventSource;
import io.breakwater.local.queue.EventSourceMapping;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The worker function's environments, fed from the job queue. */
final class Workers implements AutoCloseable {
    /** So that a failed message shows up in the dead-letter queue while one is looking. */
    static final Duration RETRY_DELAY = Duration.ofSeconds(1);

    /** How long a model call that is under way may still take. */
    static final Duration GRACE = Duration.ofSeconds(5);

    private final SqsClient sqs;
    private final EventSource source;

    private Workers(SqsClient sqs, EventSource source) {
        this.sqs = sqs;
        this.source = source;
    }

    static Workers start(Map<String, String> environment, Functions functions, int environments, Duration timeout) {
        Settings settings = Settings.fromEnvironment(environment);
        SqsClient sqs = sqs(settings, environments);
        EventSourceMapping mapping = EventSourceMapping.worker(
                settings.jobQueueUrl(), settings.region(), environments, timeout, Optional.of(RETRY_DELAY));
        EventSource source = EventSource.start(
                mapping,
                sqs,
                () -> functions.worker().apply(environment),
                Clock.systemUTC(),
                () -> UUID.randomUUID().toString());
        return new Workers(sqs, source);
    }

    /** Without timeouts or retries: a receive given up here has still made its messages invisible. */
    static SqsClient sqs(Settings settings, int environments) {
        var client = SqsClient.builder()
                .region(Region.of(settings.region()))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .httpClientBuilder(Apache5HttpClient.builder().maxConnections(2 * environments + 1));
        settings.sqsEndpoint().ifPresent(client::endpointOverride);
        return client.build();
    }

    /** Lets running invocations end, for a few seconds. */
    @Override
    public void close() {
        source.close(GRACE);
        sqs.close();
    }
}
