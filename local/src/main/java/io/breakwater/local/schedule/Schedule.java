package io.breakwater.local.schedule;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.breakwater.local.lambda.Invocation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.joda.time.DateTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a function again and again, as a schedule of EventBridge does, but one run at a time. One that fails is logged,
 * and the next comes all the same.
 */
public final class Schedule implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(Schedule.class);

    private final String functionName;
    private final Duration timeout;
    private final RequestHandler<ScheduledEvent, @Nullable Void> handler;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final ScheduledExecutorService runs;

    private Schedule(
            String functionName,
            Duration timeout,
            RequestHandler<ScheduledEvent, @Nullable Void> handler,
            InstantSource clock,
            Supplier<String> ids) {
        this.functionName = functionName;
        this.timeout = timeout;
        this.handler = handler;
        this.clock = clock;
        this.ids = ids;
        this.runs = Executors.newSingleThreadScheduledExecutor(
                Thread.ofVirtual().name(functionName).factory());
    }

    /**
     * Starts the function after each interval.
     *
     * @param handler closed with this when it is {@link AutoCloseable}
     */
    public static Schedule start(
            String functionName,
            Duration interval,
            Duration timeout,
            RequestHandler<ScheduledEvent, @Nullable Void> handler,
            InstantSource clock,
            Supplier<String> ids) {
        Schedule schedule = new Schedule(functionName, timeout, handler, clock, ids);
        Future<?> runs = schedule.runs.scheduleWithFixedDelay(
                schedule::run, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        LOG.debug("{} runs every {}: {}", functionName, interval, runs);
        return schedule;
    }

    private void run() {
        Instant now = clock.instant();
        try {
            Invocation invocation = new Invocation(functionName, ids.get(), now.plus(timeout), clock);
            handler.handleRequest(event(now), invocation);
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed", functionName, e);
        }
    }

    private ScheduledEvent event(Instant now) {
        ScheduledEvent event = new ScheduledEvent();
        event.setId(ids.get());
        event.setDetailType("Scheduled Event");
        event.setSource("aws.events");
        event.setAccount("000000000000");
        event.setRegion("us-east-1");
        event.setTime(new DateTime(now.toEpochMilli()));
        event.setResources(List.of("arn:aws:events:us-east-1:000000000000:rule/" + functionName));
        event.setDetail(Map.of());
        return event;
    }

    /** Starts no more runs and gives the running one a few seconds. */
    @Override
    public void close() {
        runs.shutdown();
        try {
            if (!runs.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                runs.shutdownNow();
            }
        } catch (InterruptedException e) {
            runs.shutdownNow();
            Thread.currentThread().interrupt();
        }
        closeHandler();
    }

    private void closeHandler() {
        if (handler instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                LOG.warn("{} did not close cleanly", functionName, e);
            }
        }
    }
}
