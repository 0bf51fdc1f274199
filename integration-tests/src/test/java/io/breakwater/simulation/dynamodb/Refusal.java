package io.breakwater.simulation.dynamodb;

/** A request that DynamoDB calls invalid, before it has become the exception that a client sees. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refusal(String message) {
        super(message);
    }
}
