package io.breakwater.function.sweeper;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.breakwater.function.InvocationLog;
import io.breakwater.function.RecoveryMetrics;
import io.breakwater.function.Rehearsal;
import io.breakwater.function.Services;
import io.breakwater.function.Settings;
import io.breakwater.sweep.SweepReport;
import io.breakwater.sweep.Sweeper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** Looks after jobs that are due, for as long as the invocation may last. Says nothing but what its metrics say. */
public final class SweeperFunction
        implements RequestHandler<ScheduledEvent, @Nullable Void>, RequestStreamHandler, AutoCloseable {
    /** Kept of the invocation's time for the job in hand: the longest that its three requests can take. */
    private static final Duration LAST_JOB = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(SweeperFunction.class);

    private final Sweeper sweeper;
    private final RecoveryMetrics metrics;
    private final InstantSource clock;
    private final Runnable closing;

    /** Wired by the process's environment, as the Lambda runtime does. */
    public SweeperFunction() {
        this(Settings.fromEnvironment(System.getenv()));
        Rehearsal.plan(() -> rehearse(Settings.fromEnvironment(System.getenv())));
    }

    /** Wired as it is deployed. */
    public SweeperFunction(Settings settings) {
        this(new Services(settings, UrlConnectionHttpClient.create()));
    }

    /** A function on these services, which it closes with itself. */
    public SweeperFunction(Services services) {
        this(services.sweeper(), services.recoveryMetrics(), services.clock(), services::close);
    }

    SweeperFunction(Sweeper sweeper, RecoveryMetrics metrics, InstantSource clock, Runnable closing) {
        this.sweeper = sweeper;
        this.metrics = metrics;
        this.clock = clock;
        this.closing = closing;
    }

    static void rehearse(Settings settings) {
        Services stage = Services.rehearsing(settings);
        try (SweeperFunction copy = new SweeperFunction(stage)) {
            SQSEvent batch = Rehearsal.batch(stage);
            LOG.debug("{} is there to be swept", batch);
            Rehearsal.repeat(List.of(Map.of()), copy);
        }
        try (Services services = new Services(settings, UrlConnectionHttpClient.create())) {
            LOG.debug("{}", services.jobs().find(Rehearsal.JOB));
        }
    }

    /** What Lambda calls. The event says nothing that is not known. */
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        sweep(context);
        answer.write("null".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public @Nullable Void handleRequest(ScheduledEvent event, Context context) {
        sweep(context);
        return null;
    }

    private void sweep(Context context) {
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(LAST_JOB);
        try (InvocationLog _ = InvocationLog.of(context)) {
            SweepReport report = sweeper.sweepUntil(clock.instant().plus(left));
            metrics.on(report);
            if (report.looked() > 0) {
                LOG.info("{}", report);
            }
        }
    }

    @Override
    public void close() {
        closing.run();
    }
}
