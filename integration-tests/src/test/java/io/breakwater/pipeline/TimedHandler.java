package io.breakwater.pipeline;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function that notes how long each of its invocations takes. */
record TimedHandler<I, O extends @Nullable Object>(RequestHandler<I, O> function, List<Duration> times)
        implements RequestHandler<I, O>, AutoCloseable {
    @Override
    public O handleRequest(I event, Context context) {
        long start = System.nanoTime();
        try {
            return function.handleRequest(event, context);
        } finally {
            times.add(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    @Override
    public void close() {
        try {
            if (function instanceof AutoCloseable closeable) {
                closeable.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
