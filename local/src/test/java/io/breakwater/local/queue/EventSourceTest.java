package io.breakwater.local.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

@Timeout(60)
class EventSourceTest {
    private static final Duration VISIBILITY = Duration.ofSeconds(30);
    private static final Duration SHORT_VISIBILITY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MAX_RECEIVE_COUNT = 3;

    private static SQSRestServer server;
    private static SqsClient sqs;

    private final List<EventSource> sources = new ArrayList<>();
    private String queueUrl = "";
    private String deadLetterQueueUrl = "";

    @BeforeAll
    static void startServer() {
        server = SQSRestServerBuilder.withInterface("127.0.0.1").withPort(0).start();
        int port = server.waitUntilStarted().localAddress().getPort();
        sqs = SqsClient.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + port))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClient(Apache5HttpClient.create())
                .build();
    }

    @AfterAll
    static void stopServer() {
        sqs.close();
        server.stopAndWait();
    }

    @BeforeEach
    void createQueues(TestInfo test) {
        String name = test.getTestMethod().orElseThrow().getName();
        deadLetterQueueUrl =
                sqs.createQueue(request -> request.queueName(name + "-dlq")).queueUrl();
        String deadLetterQueueArn = sqs.getQueueAttributes(
                        request -> request.queueUrl(deadLetterQueueUrl).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        queueUrl = sqs.createQueue(request -> request.queueName(name)
                        .attributes(Map.of(
                                QueueAttributeName.VISIBILITY_TIMEOUT,
                                Long.toString(VISIBILITY.toSeconds()),
                                QueueAttributeName.REDRIVE_POLICY,
                                "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}"
                                        .formatted(deadLetterQueueArn, MAX_RECEIVE_COUNT))))
                .queueUrl();
    }

    private void hideDeliveredShortly() {
        sqs.setQueueAttributes(set -> set.queueUrl(queueUrl)
                .attributes(
                        Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, Long.toString(SHORT_VISIBILITY.toSeconds()))));
    }

    @AfterEach
    void closeSources() {
        sources.forEach(EventSource::close);
    }

    @Test
    void anEventCarriesWhatTheQueueKnowsOfItsMessages() throws InterruptedException {
        LinkedBlockingQueue<SQSEvent> events = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<Context> contexts = new LinkedBlockingQueue<>();
        Instant before = Instant.now();
        String messageId = sqs.sendMessage(request -> request.queueUrl(queueUrl)
                        .messageBody("{\"jobId\":\"1\"}")
                        .messageGroupId("tenant")
                        .messageAttributes(Map.of(
                                "kind",
                                MessageAttributeValue.builder()
                                        .dataType("String")
                                        .stringValue("test")
                                        .build())))
                .messageId();

        start(mapping(1), (event, context) -> {
            events.add(event);
            contexts.add(context);
            return null;
        });

        SQSMessage message = events.take().getRecords().getFirst();
        assertThat(message.getMessageId()).isEqualTo(messageId);
        assertThat(message.getBody()).isEqualTo("{\"jobId\":\"1\"}");
        assertThat(message.getMd5OfBody()).hasSize(32);
        assertThat(message.getReceiptHandle()).isNotBlank();
        assertThat(message.getEventSource()).isEqualTo("aws:sqs");
        assertThat(message.getEventSourceArn()).startsWith("arn:aws:sqs:").endsWith(":" + queueName(queueUrl));
        assertThat(message.getAwsRegion()).isEqualTo("us-east-1");
        assertThat(message.getAttributes())
                .containsEntry("ApproximateReceiveCount", "1")
                .containsEntry("MessageGroupId", "tenant")
                .containsKeys("SentTimestamp", "ApproximateFirstReceiveTimestamp");
        assertThat(message.getMessageAttributes()).hasEntrySatisfying("kind", attribute -> {
            assertThat(attribute.getDataType()).isEqualTo("String");
            assertThat(attribute.getStringValue()).isEqualTo("test");
        });
        Context context = contexts.take();
        assertThat(context.getFunctionName()).isEqualTo("worker");
        assertThat(context.getAwsRequestId()).isNotBlank();
        assertThat(context.getRemainingTimeInMillis()).isBetween(1, 30_000);
        assertThat(Long.parseLong(message.getAttributes().get("SentTimestamp")))
                .isGreaterThanOrEqualTo(before.toEpochMilli() - 1);
    }

    @Test
    void onlyTheMessagesThatFailedComeBack() {
        Map<String, AtomicInteger> deliveries = new ConcurrentHashMap<>();
        sendAll(IntStream.range(0, 10).mapToObj(Integer::toString).toList());

        start(mapping(2), (event, context) -> {
            List<BatchItemFailure> failures = new ArrayList<>();
            for (SQSMessage message : event.getRecords()) {
                int delivery = deliveries
                        .computeIfAbsent(message.getBody(), body -> new AtomicInteger())
                        .incrementAndGet();
                if (Integer.parseInt(message.getBody()) % 3 == 0 && delivery == 1) {
                    failures.add(new BatchItemFailure(message.getMessageId()));
                }
            }
            return new SQSBatchResponse(failures);
        });

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(messagesOn(queueUrl)).isZero();
            assertThat(deliveries).hasSize(10);
            deliveries.forEach(
                    (body, count) -> assertThat(count).as(body).hasValue(Integer.parseInt(body) % 3 == 0 ? 2 : 1));
        });
    }

    @Test
    void aBatchWhoseHandlerThrowsComesBackWhole() {
        Set<String> handled = ConcurrentHashMap.newKeySet();
        AtomicBoolean failed = new AtomicBoolean();
        sendAll(List.of("a", "b", "c"));

        start(mapping(1), (event, context) -> {
            if (failed.compareAndSet(false, true)) {
                throw new IllegalStateException("planned");
            }
            event.getRecords().forEach(message -> handled.add(message.getBody()));
            return new SQSBatchResponse(List.of());
        });

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(handled).containsExactlyInAnyOrder("a", "b", "c");
            assertThat(messagesOn(queueUrl)).isZero();
        });
    }

    @Test
    void aMessageThatKeepsFailingReachesTheDeadLetterQueue() {
        AtomicInteger deliveries = new AtomicInteger();
        Set<String> served = ConcurrentHashMap.newKeySet();
        sendAll(List.of("good", "not json", "also good"));

        start(
                mapping(1),
                (event, context) -> new SQSBatchResponse(event.getRecords().stream()
                        .filter(message -> {
                            boolean poison = message.getBody().equals("not json");
                            if (poison) {
                                deliveries.incrementAndGet();
                            } else {
                                served.add(message.getBody());
                            }
                            return poison;
                        })
                        .map(message -> new BatchItemFailure(message.getMessageId()))
                        .toList()));

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(messagesOn(deadLetterQueueUrl)).isOne();
            assertThat(messagesOn(queueUrl)).isZero();
        });
        assertThat(receive(deadLetterQueueUrl)).extracting(Message::body).containsExactly("not json");
        assertThat(deliveries).hasValue(MAX_RECEIVE_COUNT);
        assertThat(served).containsExactlyInAnyOrder("good", "also good");
    }

    @Test
    void thereAreNeverMoreEnvironmentsAtWorkThanAllowed() {
        int allowed = 3;
        AtomicInteger environments = new AtomicInteger();
        AtomicInteger atWork = new AtomicInteger();
        AtomicInteger mostAtWork = new AtomicInteger();
        AtomicInteger handled = new AtomicInteger();
        CountDownLatch allAtWork = new CountDownLatch(allowed);
        sendAll(IntStream.range(0, 60).mapToObj(Integer::toString).toList());

        start(mapping(allowed), () -> {
            environments.incrementAndGet();
            AtomicInteger here = new AtomicInteger();
            return (event, context) -> {
                assertThat(here.incrementAndGet()).isOne();
                mostAtWork.accumulateAndGet(atWork.incrementAndGet(), Math::max);
                allAtWork.countDown();
                awaitQuietly(allAtWork);
                handled.addAndGet(event.getRecords().size());
                atWork.decrementAndGet();
                here.decrementAndGet();
                return null;
            };
        });

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(handled).hasValue(60);
            assertThat(messagesOn(queueUrl)).isZero();
        });
        assertThat(mostAtWork).hasValue(allowed);
        assertThat(environments).hasValue(allowed);
    }

    @Test
    void anIdleEnvironmentIsUsedAgainBeforeANewOneIsMade() {
        AtomicInteger environments = new AtomicInteger();
        AtomicInteger handled = new AtomicInteger();

        start(mapping(4), () -> {
            environments.incrementAndGet();
            return (event, context) -> {
                handled.incrementAndGet();
                return null;
            };
        });
        for (int i = 1; i <= 3; i++) {
            int expected = i;
            sendAll(List.of("message"));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(handled).hasValue(expected));
            await().atMost(PATIENCE).until(() -> messagesOn(queueUrl) == 0);
        }

        assertThat(environments).hasValue(1);
    }

    @Test
    void anInvocationOverTheTimeoutIsInterruptedAndItsEnvironmentReplaced() {
        List<HangsWhenFirst> environments = new CopyOnWriteArrayList<>();
        hideDeliveredShortly();
        sendAll(List.of("slow"));

        start(mapping(1, Duration.ofMillis(300), Optional.of(Duration.ofSeconds(1))), () -> {
            HangsWhenFirst environment = new HangsWhenFirst(environments.isEmpty());
            environments.add(environment);
            return environment;
        });

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(environments).hasSize(2);
            assertThat(environments.get(1).handled).containsExactly("slow");
            assertThat(messagesOn(queueUrl)).isZero();
        });
        assertThat(environments.get(0).interrupted).isTrue();
        assertThat(environments.get(0).closed).isTrue();
        assertThat(environments.get(1).closed).isFalse();
    }

    @Test
    void withoutARetryDelayAFailedMessageStaysInvisibleUntilItsTimeout() {
        List<Instant> deliveries = Collections.synchronizedList(new ArrayList<>());
        hideDeliveredShortly();
        sendAll(List.of("message"));

        start(mapping(1, Duration.ofSeconds(30), Optional.empty()), (event, context) -> {
            deliveries.add(Instant.now());
            if (deliveries.size() == 1) {
                throw new IllegalStateException("planned");
            }
            return null;
        });

        await().atMost(PATIENCE).until(() -> deliveries.size() == 2);
        assertThat(Duration.between(deliveries.get(0), deliveries.get(1)))
                .isGreaterThan(SHORT_VISIBILITY.minusMillis(500));
    }

    @Test
    void closingLetsARunningInvocationEnd() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        sendAll(List.of("message"));
        EventSource source = start(mapping(1), (event, context) -> {
            started.countDown();
            awaitQuietly(mayEnd);
            return null;
        });
        started.await();

        Thread closing = Thread.ofVirtual().start(() -> source.close(PATIENCE));
        mayEnd.countDown();
        closing.join();

        assertThat(messagesOn(queueUrl)).isZero();
    }

    @Test
    void closingLosesNoMessageOfAnInvocationThatDoesNotEnd() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        hideDeliveredShortly();
        sendAll(List.of("message"));
        EventSource source = start(mapping(1), (event, context) -> {
            started.countDown();
            awaitQuietly(new CountDownLatch(1));
            return null;
        });
        started.await();

        source.close(Duration.ZERO);

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(receive(queueUrl)).extracting(Message::body).containsExactly("message"));
    }

    @Test
    void aBatchIsGatheredUntilItIsFull() throws InterruptedException {
        LinkedBlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
        sendAll(IntStream.range(0, 25).mapToObj(Integer::toString).toList());

        start(
                new EventSourceMapping(
                        queueUrl,
                        "us-east-1",
                        "worker",
                        25,
                        Duration.ofSeconds(10),
                        1,
                        Duration.ofSeconds(30),
                        Optional.empty()),
                (event, context) -> {
                    sizes.add(event.getRecords().size());
                    return null;
                });

        assertThat(sizes.take()).isEqualTo(25);
    }

    @Test
    void anEnvironmentThatCannotBeMadeFailsItsBatchOnly() {
        AtomicInteger environments = new AtomicInteger();
        AtomicInteger handled = new AtomicInteger();
        sendAll(List.of("message"));

        start(mapping(1), () -> {
            if (environments.incrementAndGet() == 1) {
                throw new IllegalStateException("planned");
            }
            return (event, context) -> {
                handled.incrementAndGet();
                return null;
            };
        });

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(handled).hasValue(1));
    }

    private EventSource start(
            EventSourceMapping mapping, RequestHandler<SQSEvent, @Nullable SQSBatchResponse> handler) {
        return start(mapping, () -> handler);
    }

    private EventSource start(
            EventSourceMapping mapping,
            Supplier<? extends RequestHandler<SQSEvent, @Nullable SQSBatchResponse>> handlers) {
        AtomicInteger requests = new AtomicInteger();
        EventSource source = EventSource.start(
                mapping, sqs, handlers, Clock.systemUTC(), () -> "request-" + requests.incrementAndGet());
        sources.add(source);
        return source;
    }

    private EventSourceMapping mapping(int maximumConcurrency) {
        return mapping(maximumConcurrency, Duration.ofSeconds(30), Optional.of(Duration.ZERO));
    }

    private EventSourceMapping mapping(
            int maximumConcurrency, Duration functionTimeout, Optional<Duration> retryDelay) {
        return new EventSourceMapping(
                queueUrl, "us-east-1", "worker", 10, Duration.ZERO, maximumConcurrency, functionTimeout, retryDelay);
    }

    private void sendAll(List<String> bodies) {
        for (int from = 0; from < bodies.size(); from += 10) {
            List<String> chunk = bodies.subList(from, Math.min(bodies.size(), from + 10));
            sqs.sendMessageBatch(request -> request.queueUrl(queueUrl)
                    .entries(IntStream.range(0, chunk.size())
                            .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                                    .id("m" + i)
                                    .messageBody(chunk.get(i))
                                    .build())
                            .toList()));
        }
    }

    /** Messages on the queue, visible or not. */
    private static int messagesOn(String url) {
        return sqs
                .getQueueAttributes(request -> request.queueUrl(url)
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes()
                .values()
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    private static List<Message> receive(String url) {
        return sqs.receiveMessage(request -> request.queueUrl(url)).messages();
    }

    private static String queueName(String url) {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A function whose first environment never answers. */
    private static final class HangsWhenFirst
            implements RequestHandler<SQSEvent, @Nullable SQSBatchResponse>, AutoCloseable {
        private final boolean first;
        private final List<String> handled = new CopyOnWriteArrayList<>();
        private volatile boolean interrupted;
        private volatile boolean closed;

        HangsWhenFirst(boolean first) {
            this.first = first;
        }

        @Override
        public @Nullable SQSBatchResponse handleRequest(SQSEvent event, Context context) {
            if (first) {
                awaitQuietly(new CountDownLatch(1));
                interrupted = Thread.currentThread().isInterrupted();
            }
            event.getRecords().forEach(message -> handled.add(message.getBody()));
            return null;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
