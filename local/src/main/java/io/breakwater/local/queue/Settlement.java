package io.breakwater.local.queue;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Tells the queue what became of messages, ten to a request. What cannot be told is logged: the message comes back when
 * its visibility timeout runs out, and the worker takes a second delivery in its stride.
 */
final class Settlement {
    private static final int MAX_ENTRIES = 10;
    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

    private final SqsClient sqs;
    private final String queueUrl;

    Settlement(SqsClient sqs, String queueUrl) {
        this.sqs = sqs;
        this.queueUrl = queueUrl;
    }

    void delete(List<Message> messages) {
        chunks(messages)
                .forEach(chunk -> tell(
                        "delete",
                        () -> sqs.deleteMessageBatch(request -> request.queueUrl(queueUrl)
                                        .entries(chunk.stream()
                                                .map(message -> DeleteMessageBatchRequestEntry.builder()
                                                        .id(message.messageId())
                                                        .receiptHandle(message.receiptHandle())
                                                        .build())
                                                .toList()))
                                .failed()));
    }

    void makeVisible(List<Message> messages, Duration after) {
        chunks(messages)
                .forEach(chunk -> tell(
                        "retry",
                        () -> sqs.changeMessageVisibilityBatch(request -> request.queueUrl(queueUrl)
                                        .entries(chunk.stream()
                                                .map(message -> ChangeMessageVisibilityBatchRequestEntry.builder()
                                                        .id(message.messageId())
                                                        .receiptHandle(message.receiptHandle())
                                                        .visibilityTimeout((int) after.toSeconds())
                                                        .build())
                                                .toList()))
                                .failed()));
    }

    private static Stream<List<Message>> chunks(List<Message> messages) {
        return IntStream.iterate(0, from -> from < messages.size(), from -> from + MAX_ENTRIES)
                .mapToObj(from -> messages.subList(from, Math.min(messages.size(), from + MAX_ENTRIES)));
    }

    private static void tell(String what, Supplier<List<BatchResultErrorEntry>> request) {
        try {
            for (BatchResultErrorEntry refused : request.get()) {
                LOG.warn("cannot {} message {}: {}", what, refused.id(), refused.message());
            }
        } catch (SdkException e) {
            LOG.warn("cannot {} messages: {}", what, e.getMessage());
        }
    }
}
