package io.breakwater.function.worker;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.function.Services;
import io.breakwater.function.Settings;
import io.breakwater.job.JobMessage;
import io.breakwater.worker.JobWorker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a batch of job messages, all at once, and names those that are to be delivered again. One bad message never
 * fails its batch.
 */
public final class WorkerFunction implements RequestHandler<SQSEvent, SQSBatchResponse>, AutoCloseable {
    /** Kept of the invocation's time to tell the breaker and answer. */
    private static final Duration CLOSING_TIME = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(WorkerFunction.class);

    private final Services services;
    private final JobWorker worker;

    /** Wired by the process's environment, as the Lambda runtime does. */
    public WorkerFunction() {
        this(Services.forWorkers(Settings.fromEnvironment(System.getenv())));
    }

    /** A function on these services, which it closes with itself. */
    public WorkerFunction(Services services) {
        this.services = services;
        this.worker = services.worker();
    }

    @Override
    public SQSBatchResponse handleRequest(SQSEvent batch, Context context) {
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(CLOSING_TIME);
        try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
            long tick = FleetBreaker.TICK.toMillis();
            Future<?> ticks =
                    timer.scheduleAtFixedRate(services.breaker()::flushDue, tick, tick, TimeUnit.MILLISECONDS);
            List<BatchItemFailure> failures = serve(batch.getRecords(), left);
            ticks.cancel(false);
            return new SQSBatchResponse(failures);
        } finally {
            services.breaker().flush();
        }
    }

    private List<BatchItemFailure> serve(List<SQSMessage> messages, Duration left) {
        Instant end = services.clock().instant().plus(left);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> work = messages.stream()
                    .<Callable<Boolean>>map(message -> () -> serve(message, end))
                    .toList();
            List<Future<Boolean>> ends = threads.invokeAll(work, left.toMillis(), TimeUnit.MILLISECONDS);
            List<BatchItemFailure> failures = new ArrayList<>();
            for (int i = 0; i < ends.size(); i++) {
                if (!succeeded(ends.get(i))) {
                    failures.add(new BatchItemFailure(messages.get(i).getMessageId()));
                }
            }
            return failures;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while serving a batch; all of it will be delivered again", e);
        }
    }

    private static boolean succeeded(Future<Boolean> end) {
        return end.state() == Future.State.SUCCESS && end.resultNow();
    }

    private boolean serve(SQSMessage message, Instant end) {
        try {
            worker.work(JobMessage.parse(message.getBody()), end);
            return true;
        } catch (RuntimeException e) {
            LOG.warn("message {} will be delivered again: {}", message.getMessageId(), e.toString());
            return false;
        }
    }

    @Override
    public void close() {
        services.close();
    }
}
