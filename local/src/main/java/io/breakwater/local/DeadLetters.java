package io.breakwater.local;

import io.breakwater.function.Settings;
import io.breakwater.local.queue.EventSource;
import io.breakwater.local.queue.EventSourceMapping;
import io.breakwater.topology.Topology;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The dead-letter function's environments, fed from the dead-letter queue. */
final class DeadLetters implements AutoCloseable {
    private final SqsClient sqs;
    private final EventSource source;

    private DeadLetters(SqsClient sqs, EventSource source) {
        this.sqs = sqs;
        this.source = source;
    }

    static DeadLetters start(Map<String, String> environment, String queueUrl, Functions functions) {
        Settings settings = Settings.fromEnvironment(environment);
        SqsClient sqs = Workers.sqs(settings, Topology.DEAD_LETTER_CONCURRENCY);
        EventSourceMapping mapping =
                EventSourceMapping.deadLetters(queueUrl, settings.region(), Optional.of(Workers.RETRY_DELAY));
        EventSource source = EventSource.start(
                mapping,
                sqs,
                () -> functions.deadLetters().apply(environment),
                Clock.systemUTC(),
                () -> UUID.randomUUID().toString());
        return new DeadLetters(sqs, source);
    }

    @Override
    public void close() {
        source.close(Workers.GRACE);
        sqs.close();
    }
}
