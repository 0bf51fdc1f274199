package io.breakwater.job;

import java.time.Duration;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The job queue in SQS: a standard queue, fair among tenants by their message group. The client may retry; a message
 * sent twice does nothing the second time.
 */
public final class SqsJobQueue implements JobQueue {
    /** What SQS takes as a message group. */
    private static final Pattern GROUP = Pattern.compile("[\\x21-\\x7E]{1,128}");

    private final SqsClient client;
    private final String queueUrl;

    public SqsJobQueue(SqsClient client, String queueUrl) {
        this.client = client;
        this.queueUrl = queueUrl;
    }

    @Override
    public void send(JobMessage message, String tenant, Duration delay) {
        int delaySeconds = wholeSeconds(delay);
        client.sendMessage(send -> send.queueUrl(queueUrl)
                .messageBody(message.body())
                .messageGroupId(group(tenant))
                .delaySeconds(delaySeconds));
    }

    /** Rounded up: a message may come late, not early. */
    static int wholeSeconds(Duration delay) {
        if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
            throw new IllegalArgumentException("delay must be 0 to " + MAX_DELAY + ", was " + delay);
        }
        return Math.toIntExact(delay.plusNanos(999_999_999).toSeconds());
    }

    /** A tenant's name where SQS takes it, or its hash. */
    static String group(String tenant) {
        return GROUP.matcher(tenant).matches() ? tenant : Sha256.hex(tenant);
    }
}
