package io.breakwater.local.queue;

import io.breakwater.topology.Topology;
import java.time.Duration;
import java.util.Optional;

/**
 * How a queue is connected to a function.
 *
 * @param functionName for logs and the invocation's context
 * @param batchSize messages of one invocation at most
 * @param batchWindow how long a batch may be gathered, in whole seconds; zero takes what one receive brings
 * @param maximumConcurrency execution environments at most, each with one invocation at a time
 * @param functionTimeout after which an invocation is ended and its environment replaced
 * @param retryDelay when messages that the function reported as failed become visible again; empty leaves that to the
 *     queue's visibility timeout, as Lambda does. The local pipeline sets a second, so that nobody waits half an hour to
 *     see a message reach the dead-letter queue.
 */
public record EventSourceMapping(
        String queueUrl,
        String region,
        String functionName,
        int batchSize,
        Duration batchWindow,
        int maximumConcurrency,
        Duration functionTimeout,
        Optional<Duration> retryDelay) {
    public EventSourceMapping {
        if (batchSize < 1 || maximumConcurrency < 1) {
            throw new IllegalArgumentException("batchSize and maximumConcurrency must be at least 1, were %d and %d"
                    .formatted(batchSize, maximumConcurrency));
        }
    }

    /** The worker's mapping as it is deployed, with local limits. */
    public static EventSourceMapping worker(
            String queueUrl,
            String region,
            int maximumConcurrency,
            Duration functionTimeout,
            Optional<Duration> retryDelay) {
        return new EventSourceMapping(
                queueUrl,
                region,
                Topology.WORKER.deployedName(),
                Topology.BATCH_SIZE,
                Topology.BATCH_WINDOW,
                maximumConcurrency,
                functionTimeout,
                retryDelay);
    }

    /** The dead-letter function's mapping as it is deployed. */
    public static EventSourceMapping deadLetters(String queueUrl, String region, Optional<Duration> retryDelay) {
        return new EventSourceMapping(
                queueUrl,
                region,
                Topology.DEAD_LETTER.deployedName(),
                Topology.BATCH_SIZE,
                Topology.BATCH_WINDOW,
                Topology.DEAD_LETTER_CONCURRENCY,
                Topology.DEAD_LETTER.timeout(),
                retryDelay);
    }
}
