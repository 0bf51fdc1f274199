package io.breakwater.local.queue;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.breakwater.local.lambda.Environments;
import io.breakwater.local.lambda.Invocation;
import io.breakwater.local.lambda.InvocationFailedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Polls a queue and invokes a function with what it finds, as Lambda's event source mapping does: a batch per
 * invocation, as many at once as there may be environments, and afterwards exactly those messages deleted that the
 * function did not report as failed.
 *
 * <p>One thread receives, but only when an environment is free to take the batch, so no message ages unseen. Handling
 * and deleting happen on other threads: an environment is free for its next batch while the last one is being deleted.
 */
public final class EventSource implements AutoCloseable {
    /** Short, because a receive must be waited for on close: what it brings would else stay invisible and unhandled. */
    private static final Duration LONG_POLL = Duration.ofSeconds(1);

    private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(1);
    private static final int MAX_RECEIVED = 10;
    private static final Logger LOG = LoggerFactory.getLogger(EventSource.class);

    private final EventSourceMapping mapping;
    private final SqsClient sqs;
    private final String queueArn;
    private final Environments<SQSEvent, @Nullable SQSBatchResponse> environments;
    private final InstantSource clock;
    private final Supplier<String> requestIds;
    private final Semaphore freeEnvironments;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService invocations = Executors.newVirtualThreadPerTaskExecutor();
    private final Settlement settlement;
    private final Thread poller;

    private EventSource(
            EventSourceMapping mapping,
            SqsClient sqs,
            String queueArn,
            Environments<SQSEvent, @Nullable SQSBatchResponse> environments,
            InstantSource clock,
            Supplier<String> requestIds) {
        this.mapping = mapping;
        this.sqs = sqs;
        this.queueArn = queueArn;
        this.environments = environments;
        this.clock = clock;
        this.requestIds = requestIds;
        this.freeEnvironments = new Semaphore(mapping.maximumConcurrency());
        this.settlement = new Settlement(sqs, mapping.queueUrl());
        this.poller = Thread.ofVirtual().name("event-source").unstarted(this::poll);
    }

    /**
     * Starts polling.
     *
     * @param sqs must wait more than a second for an answer; not closed with this
     * @param handlers makes the handler of a new environment; closed with its environment when it is
     *     {@link AutoCloseable}
     */
    public static EventSource start(
            EventSourceMapping mapping,
            SqsClient sqs,
            Supplier<? extends RequestHandler<SQSEvent, @Nullable SQSBatchResponse>> handlers,
            InstantSource clock,
            Supplier<String> requestIds) {
        Environments<SQSEvent, @Nullable SQSBatchResponse> environments =
                new Environments<>(handlers, mapping.maximumConcurrency(), Environments.IDLE_LIMIT, clock);
        EventSource source =
                new EventSource(mapping, sqs, arn(sqs, mapping.queueUrl()), environments, clock, requestIds);
        source.poller.start();
        return source;
    }

    private static String arn(SqsClient sqs, String queueUrl) {
        String arn = sqs.getQueueAttributes(
                        request -> request.queueUrl(queueUrl).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        return Objects.requireNonNull(arn);
    }

    /** Closes with no time for running invocations to end. */
    @Override
    public void close() {
        close(Duration.ZERO);
    }

    /**
     * Receives nothing more and lets the running invocations end; after {@code grace} they are interrupted, and their
     * messages come back when their visibility timeout runs out.
     */
    public void close(Duration grace) {
        closing.countDown();
        freeEnvironments.release();
        try {
            poller.join();
            invocations.shutdown();
            if (!invocations.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                invocations.shutdownNow();
                invocations.awaitTermination(PAUSE_AFTER_ERROR.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            invocations.shutdownNow();
            Thread.currentThread().interrupt();
        }
        environments.close();
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void poll() {
        try {
            while (!isClosing()) {
                freeEnvironments.acquire();
                Batch batch = receiveOrPause();
                if (batch.messages().isEmpty()) {
                    freeEnvironments.release();
                } else if (isClosing()) {
                    settlement.makeVisible(batch.messages(), Duration.ZERO);
                } else {
                    invocations.execute(() -> handle(batch));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Batch receiveOrPause() throws InterruptedException {
        List<Message> messages = new ArrayList<>();
        try {
            gather(messages);
        } catch (SdkException e) {
            LOG.warn("cannot receive from {}: {}", mapping.queueUrl(), e.getMessage());
            closing.await(PAUSE_AFTER_ERROR.toMillis(), TimeUnit.MILLISECONDS);
        }
        return new Batch(messages);
    }

    private void gather(List<Message> messages) {
        Instant windowEnd = Instant.MAX;
        while (!isClosing()
                && messages.size() < mapping.batchSize()
                && clock.instant().isBefore(windowEnd)) {
            messages.addAll(receive(Math.min(MAX_RECEIVED, mapping.batchSize() - messages.size())));
            if (messages.isEmpty()) {
                return;
            }
            if (windowEnd.equals(Instant.MAX)) {
                windowEnd = clock.instant().plus(mapping.batchWindow());
            }
        }
    }

    private List<Message> receive(int atMost) {
        return sqs.receiveMessage(request -> request.queueUrl(mapping.queueUrl())
                        .maxNumberOfMessages(atMost)
                        .waitTimeSeconds((int) LONG_POLL.toSeconds())
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                        .messageAttributeNames("All"))
                .messages();
    }

    private @Nullable SQSBatchResponse invoke(SQSEvent event) {
        Instant deadline = clock.instant().plus(mapping.functionTimeout());
        return environments.handleRequest(
                event, new Invocation(mapping.functionName(), requestIds.get(), deadline, clock));
    }

    private void handle(Batch batch) {
        List<Message> failed;
        try {
            failed = batch.failed(invoke(batch.event(queueArn, mapping.region())));
        } catch (InvocationFailedException e) {
            LOG.error(
                    "{} failed with a batch of {}: {}",
                    mapping.functionName(),
                    batch.messages().size(),
                    e.getMessage(),
                    e.getCause());
            if (e.killed()) {
                return;
            }
            failed = batch.messages();
        } finally {
            freeEnvironments.release();
        }
        List<Message> stay = failed;
        settlement.delete(batch.messages().stream()
                .filter(message -> !stay.contains(message))
                .toList());
        mapping.retryDelay().ifPresent(delay -> settlement.makeVisible(stay, delay));
    }
}
