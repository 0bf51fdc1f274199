package io.breakwater.function.deadletter;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.breakwater.function.EventJson;
import io.breakwater.function.InvocationLog;
import io.breakwater.function.RecoveryMetrics;
import io.breakwater.function.Rehearsal;
import io.breakwater.function.Services;
import io.breakwater.function.Settings;
import io.breakwater.sweep.DeadLetters;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** Decides on a batch of dead letters, one by one, and names those that are to be delivered again. */
public final class DeadLetterFunction
        implements RequestHandler<SQSEvent, SQSBatchResponse>, RequestStreamHandler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterFunction.class);

    private final DeadLetters deadLetters;
    private final RecoveryMetrics metrics;
    private final Runnable closing;

    /** Wired by the process's environment, as the Lambda runtime does. */
    public DeadLetterFunction() {
        this(Settings.fromEnvironment(System.getenv()));
        Rehearsal.plan(() -> rehearse(Settings.fromEnvironment(System.getenv())));
    }

    /** Wired as it is deployed. */
    public DeadLetterFunction(Settings settings) {
        this(new Services(settings, UrlConnectionHttpClient.create()));
    }

    /** A function on these services, which it closes with itself. */
    public DeadLetterFunction(Services services) {
        this(services.deadLetters(), services.recoveryMetrics(), services::close);
    }

    DeadLetterFunction(DeadLetters deadLetters, RecoveryMetrics metrics, Runnable closing) {
        this.deadLetters = deadLetters;
        this.metrics = metrics;
        this.closing = closing;
    }

    static void rehearse(Settings settings) {
        Services stage = Services.rehearsing(settings);
        try (DeadLetterFunction copy = new DeadLetterFunction(stage)) {
            Rehearsal.repeat(List.of(Rehearsal.batch(stage)), copy);
        }
        try (Services services = new Services(settings, UrlConnectionHttpClient.create())) {
            LOG.debug("{}", services.jobs().find(Rehearsal.JOB));
        }
    }

    /** What Lambda calls. */
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        EventJson.write(answer, handleRequest(EventJson.read(event, SQSEvent.class), context));
    }

    @Override
    public SQSBatchResponse handleRequest(SQSEvent batch, Context context) {
        try (InvocationLog _ = InvocationLog.of(context)) {
            return new SQSBatchResponse(batch.getRecords().stream()
                    .filter(message -> !isHandled(message))
                    .map(message -> new BatchItemFailure(message.getMessageId()))
                    .toList());
        }
    }

    private boolean isHandled(SQSMessage message) {
        try {
            metrics.on(message.getMessageId(), deadLetters.handle(message.getMessageId(), message.getBody()));
            return true;
        } catch (RuntimeException e) {
            LOG.warn("dead letter {} will be delivered again: {}", message.getMessageId(), e.toString());
            return false;
        }
    }

    @Override
    public void close() {
        closing.run();
    }
}
