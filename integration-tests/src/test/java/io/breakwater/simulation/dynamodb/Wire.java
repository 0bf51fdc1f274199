package io.breakwater.simulation.dynamodb;

import java.time.Duration;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;

/**
 * What lies between a client and the model. A simulation delays a request before it applies it, delays the answer after,
 * throws one of {@link Failures} without applying it (a request that was lost or refused), or applies it and throws (an
 * answer that was lost).
 */
public interface Wire {
    /** Carries each request at once, and every read sees the newest write. */
    Wire DIRECT = new Wire() {
        @Override
        public <R extends DynamoDbResponse> R carry(DynamoDbRequest request, Supplier<R> apply) {
            return apply.get();
        }
    };

    /**
     * Carries a request there and its answer back.
     *
     * @param apply makes the request at the model and returns its answer, or throws DynamoDB's refusal; atomic, and as
     *     often as it is called: twice is what a retry does
     */
    <R extends DynamoDbResponse> R carry(DynamoDbRequest request, Supplier<R> apply);

    /**
     * How far an eventually consistent read is behind: it sees each item as it stood that long ago, or the oldest
     * version that the model keeps. Asked when the read is applied, and never for a consistent one.
     */
    default Duration lag(DynamoDbRequest read) {
        return Duration.ZERO;
    }
}
