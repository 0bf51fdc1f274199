package io.breakwater.local.queue;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** The messages of one invocation. */
record Batch(List<Message> messages) {
    Batch {
        messages = List.copyOf(messages);
    }

    SQSEvent event(String queueArn, String region) {
        SQSEvent event = new SQSEvent();
        event.setRecords(messages.stream()
                .map(message -> record(message, queueArn, region))
                .toList());
        return event;
    }

    /**
     * What the function's answer leaves on the queue, by
     * <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">Lambda's rules</a>: no answer
     * or an empty one is success of all; an identifier that is blank or names no message of the batch fails all.
     */
    List<Message> failed(@Nullable SQSBatchResponse response) {
        if (response == null || response.getBatchItemFailures() == null) {
            return List.of();
        }
        Set<String> failedIds = response.getBatchItemFailures().stream()
                .map(failure -> Objects.requireNonNullElse(failure.getItemIdentifier(), ""))
                .collect(Collectors.toSet());
        List<Message> failed = messages.stream()
                .filter(message -> failedIds.contains(message.messageId()))
                .toList();
        return failed.size() == failedIds.size() ? failed : messages;
    }

    private static SQSEvent.SQSMessage record(Message message, String queueArn, String region) {
        SQSEvent.SQSMessage record = new SQSEvent.SQSMessage();
        record.setMessageId(message.messageId());
        record.setReceiptHandle(message.receiptHandle());
        record.setBody(message.body());
        record.setMd5OfBody(message.md5OfBody());
        record.setMd5OfMessageAttributes(message.md5OfMessageAttributes());
        record.setAttributes(message.attributesAsStrings());
        record.setMessageAttributes(message.messageAttributes().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey(), entry -> attribute(entry.getValue()))));
        record.setEventSource("aws:sqs");
        record.setEventSourceArn(queueArn);
        record.setAwsRegion(region);
        return record;
    }

    private static SQSEvent.MessageAttribute attribute(MessageAttributeValue value) {
        SQSEvent.MessageAttribute attribute = new SQSEvent.MessageAttribute();
        attribute.setDataType(value.dataType());
        attribute.setStringValue(value.stringValue());
        SdkBytes bytes = value.binaryValue();
        if (bytes != null) {
            attribute.setBinaryValue(bytes.asByteBuffer());
        }
        attribute.setStringListValues(value.stringListValues());
        attribute.setBinaryListValues(
                value.binaryListValues().stream().map(SdkBytes::asByteBuffer).toList());
        return attribute;
    }
}
