package io.breakwater.local.queue;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.breakwater.local.lambda.Invocation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A function's execution environments: each a handler of its own, made when no idle one is left, with one invocation at
 * a time. The caller bounds how many there can be.
 *
 * <p>An invocation that outlives the function's timeout is interrupted and its environment never used again. Lambda ends
 * the whole process; here a handler that ignores interrupts can go on for a while, as a zombie would.
 */
final class Environments implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Environments.class);

    private final String functionName;
    private final Duration timeout;
    private final Supplier<? extends RequestHandler<SQSEvent, @Nullable SQSBatchResponse>> factory;
    private final InstantSource clock;
    private final Supplier<String> requestIds;
    private final ConcurrentLinkedDeque<RequestHandler<SQSEvent, @Nullable SQSBatchResponse>> idle =
            new ConcurrentLinkedDeque<>();

    Environments(
            String functionName,
            Duration timeout,
            Supplier<? extends RequestHandler<SQSEvent, @Nullable SQSBatchResponse>> factory,
            InstantSource clock,
            Supplier<String> requestIds) {
        this.functionName = functionName;
        this.timeout = timeout;
        this.factory = factory;
        this.clock = clock;
        this.requestIds = requestIds;
    }

    @Nullable
    SQSBatchResponse invoke(SQSEvent event) throws InvocationFailedException {
        RequestHandler<SQSEvent, @Nullable SQSBatchResponse> handler = idleOrNew();
        Invocation invocation =
                new Invocation(functionName, requestIds.get(), clock.instant().plus(timeout), clock);
        FutureTask<@Nullable SQSBatchResponse> task = new FutureTask<>(() -> handler.handleRequest(event, invocation));
        Thread.ofVirtual().name(functionName + "-" + invocation.requestId()).start(task);
        try {
            SQSBatchResponse response = task.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            idle.addFirst(handler);
            return response;
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause());
            if (cause instanceof Exception) {
                idle.addFirst(handler);
            } else {
                end(handler);
            }
            throw InvocationFailedException.thrown(cause);
        } catch (TimeoutException e) {
            task.cancel(true);
            end(handler);
            throw InvocationFailedException.killed("timed out after " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            task.cancel(true);
            end(handler);
            throw InvocationFailedException.killed("ended because the event source closes", e);
        }
    }

    private RequestHandler<SQSEvent, @Nullable SQSBatchResponse> idleOrNew() throws InvocationFailedException {
        RequestHandler<SQSEvent, @Nullable SQSBatchResponse> warm = idle.pollFirst();
        try {
            return warm != null ? warm : factory.get();
        } catch (RuntimeException | Error e) {
            throw InvocationFailedException.thrown(e);
        }
    }

    private static void end(RequestHandler<SQSEvent, @Nullable SQSBatchResponse> handler) {
        if (handler instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                LOG.warn("an environment did not close cleanly", e);
            }
        }
    }

    @Override
    public void close() {
        for (var handler = idle.pollFirst(); handler != null; handler = idle.pollFirst()) {
            end(handler);
        }
    }
}
