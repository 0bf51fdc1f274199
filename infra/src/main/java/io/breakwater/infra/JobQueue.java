package io.breakwater.infra;

import io.breakwater.topology.Topology;
import java.time.Duration;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/**
 * The queue of jobs and the one for messages that were delivered in vain. Standard queues: jobs may overtake each other, and
 * SQS is fair among the message groups that their tenants are.
 */
final class JobQueue extends Construct {
    private final Queue deadLetters;
    private final Queue jobs;

    JobQueue(Construct scope, String id, Lifetime lifetime) {
        super(scope, id);
        deadLetters =
                queue("DeadLetters", Topology.DEAD_LETTER_VISIBILITY, lifetime).build();
        jobs = queue("Jobs", Topology.JOB_VISIBILITY, lifetime)
                .deadLetterQueue(DeadLetterQueue.builder()
                        .queue(deadLetters)
                        .maxReceiveCount(Topology.MAX_RECEIVE_COUNT)
                        .build())
                .build();
    }

    private Queue.Builder queue(String id, Duration visibility, Lifetime lifetime) {
        return Queue.Builder.create(this, id)
                .visibilityTimeout(Span.of(visibility))
                .retentionPeriod(Span.of(Topology.MESSAGE_RETENTION))
                .encryption(QueueEncryption.SQS_MANAGED)
                .enforceSsl(true)
                .removalPolicy(lifetime.removal());
    }

    Queue jobs() {
        return jobs;
    }

    Queue deadLetters() {
        return deadLetters;
    }
}
