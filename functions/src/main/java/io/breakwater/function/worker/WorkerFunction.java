package io.breakwater.function.worker;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.breakwater.admission.BacklogReporter;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.function.EventJson;
import io.breakwater.function.InvocationLog;
import io.breakwater.function.JobMetrics;
import io.breakwater.function.Rehearsal;
import io.breakwater.function.Services;
import io.breakwater.function.Settings;
import io.breakwater.function.WorkerServices;
import io.breakwater.job.JobMessage;
import io.breakwater.worker.JobEnd;
import io.breakwater.worker.JobWorker;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC.MDCCloseable;

/**
 * Serves a batch of job messages, all at once, and names those that are to be delivered again. One bad message never
 * fails its batch.
 *
 * <p>Messages whose job may have killed a worker come last and one by one: nobody knows which of a batch that fell was the
 * cause, and the others are not to fall with it again.
 */
public final class WorkerFunction
        implements RequestHandler<SQSEvent, SQSBatchResponse>, RequestStreamHandler, AutoCloseable {
    /** Kept of the invocation's time to tell the breaker and answer. */
    private static final Duration CLOSING_TIME = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(WorkerFunction.class);

    private final WorkerServices services;
    private final Optional<BacklogReporter> backlog;
    private final JobWorker worker;
    private final JobMetrics metrics;

    /** Wired by the process's environment, as the Lambda runtime does. */
    public WorkerFunction() {
        this(Settings.fromEnvironment(System.getenv()));
        Rehearsal.plan(() -> rehearse(Settings.fromEnvironment(System.getenv())));
    }

    /** Wired as it is deployed. */
    public WorkerFunction(Settings settings) {
        this(WorkerServices.connected(settings));
    }

    private WorkerFunction(WorkerServices services) {
        this.services = services;
        this.backlog = services.backlogReporter();
        this.worker = services.worker(job -> backlog.ifPresent(reporter -> reporter.claimed(job)));
        this.metrics = services.jobMetrics();
    }

    static void rehearse(Settings settings) {
        WorkerServices stage = WorkerServices.rehearsing(settings);
        try (WorkerFunction copy = new WorkerFunction(stage)) {
            Rehearsal.repeat(List.of(Rehearsal.batch(stage.services())), copy);
        }
        WorkerServices real = WorkerServices.connected(settings);
        try (Services _ = real.services()) {
            real.fleet().readOne();
        }
    }

    /** What Lambda calls. */
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        EventJson.write(answer, handleRequest(EventJson.read(event, SQSEvent.class), context));
    }

    @Override
    public SQSBatchResponse handleRequest(SQSEvent batch, Context context) {
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(CLOSING_TIME);
        Queue<JobEnd> ends = new ConcurrentLinkedQueue<>();
        try (InvocationLog _ = InvocationLog.of(context);
                ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
            long tick = FleetBreaker.TICK.toMillis();
            Future<?> ticks = timer.scheduleAtFixedRate(this::tellDue, tick, tick, TimeUnit.MILLISECONDS);
            List<BatchItemFailure> failures = serve(batch.getRecords(), left, ends);
            ticks.cancel(false);
            return new SQSBatchResponse(failures);
        } finally {
            services.fleet().breaker().flush();
            services.pacer().flush();
            backlog.ifPresent(BacklogReporter::tellDue);
            metrics.on(List.copyOf(ends));
        }
    }

    private void tellDue() {
        services.fleet().breaker().flushDue();
        services.pacer().flushDue();
        backlog.ifPresent(BacklogReporter::tellDue);
    }

    private List<BatchItemFailure> serve(List<SQSMessage> messages, Duration left, Queue<JobEnd> ends) {
        Instant end = services.services().clock().instant().plus(left);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<BatchItemFailure> failures = new ArrayList<>();
            for (List<SQSMessage> together : SuspectsLast.groups(messages)) {
                failures.addAll(serveTogether(together, end, threads, ends));
            }
            return failures;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while serving a batch; all of it will be delivered again", e);
        }
    }

    private List<BatchItemFailure> serveTogether(
            List<SQSMessage> messages, Instant end, ExecutorService threads, Queue<JobEnd> ends)
            throws InterruptedException {
        List<Callable<Boolean>> work = messages.stream()
                .<Callable<Boolean>>map(message -> () -> serve(message, end, ends))
                .toList();
        Duration left = Duration.between(services.services().clock().instant(), end);
        List<Future<Boolean>> served = threads.invokeAll(work, left.toMillis(), TimeUnit.MILLISECONDS);
        List<BatchItemFailure> failures = new ArrayList<>();
        for (int i = 0; i < served.size(); i++) {
            if (!succeeded(served.get(i))) {
                failures.add(new BatchItemFailure(messages.get(i).getMessageId()));
            }
        }
        return failures;
    }

    private static boolean succeeded(Future<Boolean> end) {
        return end.state() == Future.State.SUCCESS && end.resultNow();
    }

    private boolean serve(SQSMessage message, Instant end, Queue<JobEnd> ends) {
        try {
            JobMessage job = JobMessage.parse(message.getBody());
            try (MDCCloseable _ = InvocationLog.job(job.jobId())) {
                worker.work(SuspectsLast.isRedelivered(message) ? job.suspected() : job, end)
                        .ifPresent(how -> {
                            LOG.info("job {} ended {}", job.jobId(), how.status());
                            ends.add(how);
                        });
            }
            return true;
        } catch (RuntimeException e) {
            LOG.warn("message {} will be delivered again: {}", message.getMessageId(), e.toString());
            return false;
        }
    }

    @Override
    public void close() {
        services.services().close();
    }
}
