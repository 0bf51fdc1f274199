package io.breakwater.local.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A function's execution environments: each a handler of its own, made when no idle one is left, with one invocation at
 * a time. One that was idle for long is ended. Thread-safe: where all environments are at work and there may be no more,
 * a call waits, while Lambda would refuse it.
 *
 * <p>An invocation that outlives its deadline is interrupted and its environment never used again. A handler in this JVM
 * that ignores interrupts can go on for a while, as a zombie would; one in a process of its own is killed, as Lambda does.
 */
public final class Environments<E, A extends @Nullable Object> implements RequestHandler<E, A>, AutoCloseable {
    /** Lambda keeps idle environments for minutes; it does not say how many. */
    public static final Duration IDLE_LIMIT = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(Environments.class);

    private final Supplier<? extends RequestHandler<E, A>> factory;
    private final Semaphore free;
    private final Duration idleLimit;
    private final InstantSource clock;
    private final Deque<Idle<E, A>> idle = new ArrayDeque<>();
    private final ScheduledExecutorService reaper =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());

    private record Idle<E, A extends @Nullable Object>(RequestHandler<E, A> handler, Instant since) {}

    /**
     * A function without environments yet.
     *
     * @param factory makes the handler of a new environment; closed with its environment when it is {@link AutoCloseable}
     * @param maximum of environments at a time
     */
    public Environments(
            Supplier<? extends RequestHandler<E, A>> factory, int maximum, Duration idleLimit, InstantSource clock) {
        this.factory = factory;
        this.free = new Semaphore(maximum, true);
        this.idleLimit = idleLimit;
        this.clock = clock;
        Future<?> reaping = reaper.scheduleWithFixedDelay(
                this::reap, idleLimit.toMillis(), Math.max(1, idleLimit.toMillis() / 2), TimeUnit.MILLISECONDS);
        LOG.debug("idle environments end after {}: {}", idleLimit, reaping);
    }

    /**
     * Runs one invocation, in a new environment if need be, whose start counts as part of it.
     *
     * @throws InvocationFailedException when the function throws, or its environment does not start or is lost
     */
    @Override
    public A handleRequest(E event, Context context) {
        try {
            free.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw InvocationFailedException.killed("ended before it began", e);
        }
        try {
            return invoke(idleOrNew(), event, context);
        } finally {
            free.release();
        }
    }

    private A invoke(RequestHandler<E, A> handler, E event, Context context) {
        FutureTask<A> task = new FutureTask<>(() -> handler.handleRequest(event, context));
        Thread.ofVirtual()
                .name(context.getFunctionName() + "-" + context.getAwsRequestId())
                .start(task);
        int millis = context.getRemainingTimeInMillis();
        try {
            A answer = task.get(millis, TimeUnit.MILLISECONDS);
            rest(handler);
            return answer;
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause());
            if (cause instanceof EnvironmentLostException) {
                end(handler);
                throw InvocationFailedException.killed(String.valueOf(cause.getMessage()), cause);
            }
            if (cause instanceof Exception) {
                rest(handler);
            } else {
                end(handler);
            }
            throw InvocationFailedException.thrown(cause);
        } catch (TimeoutException e) {
            task.cancel(true);
            end(handler);
            throw InvocationFailedException.killed("timed out after " + millis + " ms", e);
        } catch (InterruptedException e) {
            task.cancel(true);
            end(handler);
            Thread.currentThread().interrupt();
            throw InvocationFailedException.killed("ended because its caller ends", e);
        }
    }

    private RequestHandler<E, A> idleOrNew() {
        Idle<E, A> warm;
        synchronized (idle) {
            warm = idle.pollFirst();
        }
        try {
            return warm != null ? warm.handler() : factory.get();
        } catch (RuntimeException | Error e) {
            throw InvocationFailedException.thrown(e);
        }
    }

    private void rest(RequestHandler<E, A> handler) {
        synchronized (idle) {
            idle.addFirst(new Idle<>(handler, clock.instant()));
        }
    }

    private void reap() {
        Instant limit = clock.instant().minus(idleLimit);
        List<Idle<E, A>> old = new ArrayList<>();
        synchronized (idle) {
            while (!idle.isEmpty() && !idle.getLast().since().isAfter(limit)) {
                old.add(idle.removeLast());
            }
        }
        old.forEach(environment -> end(environment.handler()));
    }

    private static void end(RequestHandler<?, ?> handler) {
        if (handler instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                LOG.warn("an environment did not close cleanly", e);
            }
        }
    }

    /** Ends the idle environments; there must be no call. */
    @Override
    public void close() {
        reaper.shutdownNow();
        synchronized (idle) {
            idle.forEach(environment -> end(environment.handler()));
            idle.clear();
        }
    }
}
