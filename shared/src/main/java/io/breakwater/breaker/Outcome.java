package io.breakwater.breaker;

import io.breakwater.model.FailureKind;
import io.breakwater.model.ModelResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a permitted call ended, as far as it says something about the endpoint. */
public sealed interface Outcome {
    /** The endpoint answered. */
    record Success() implements Outcome {}

    /** The endpoint failed. {@code retryAfter} is how long it asked to be left alone. */
    record Failure(
            FailureKind kind, String detail, @Nullable Duration retryAfter) implements Outcome {}

    /** The call says nothing about the endpoint: its caller's fault, or it was cancelled or never made. */
    record Ignored() implements Outcome {}

    /** What this result says about its endpoint. */
    static Outcome of(ModelResult result) {
        return switch (result) {
            case ModelResult.Reply _ -> new Success();
            case ModelResult.Failure failure when failure.kind() == FailureKind.CALLER_FAULT -> new Ignored();
            case ModelResult.Failure(FailureKind kind, String message, @Nullable Duration retryAfter) ->
                new Failure(kind, message, retryAfter);
        };
    }
}
