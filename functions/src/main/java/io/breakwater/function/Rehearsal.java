package io.breakwater.function;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a function does before SnapStart takes its snapshot, so that restored copies find classes loaded and code compiled:
 * its work, many times over, on a copy of itself to which {@link RehearsalHttp} plays AWS; and then one read from the real
 * table, for the way there.
 *
 * <p>Nothing of it stays. Ids, breakers' states and connections are the copy's and go with it; the function itself has done
 * nothing yet. No model is called and nothing is written, and what the copy logs and counts is dropped.
 */
public final class Rehearsal implements Resource {
    /** What the log takes for the function's name, and drops. */
    public static final String FUNCTION = "rehearsal";

    /** A job that nobody has. */
    public static final String JOB = "rehearsal";

    /** Enough that what an invocation runs through is compiled. */
    private static final int ROUNDS = 40;

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    /** Lambda holds them weakly. */
    private static final Queue<Rehearsal> PLANNED = new ConcurrentLinkedQueue<>();

    private final Runnable play;

    private Rehearsal(Runnable play) {
        this.play = play;
    }

    /** Has Lambda start this before the snapshot, if there will be one. */
    public static void plan(Runnable play) {
        Rehearsal rehearsal = new Rehearsal(play);
        PLANNED.add(rehearsal);
        Core.getGlobalContext().register(rehearsal);
    }

    /** A queue's event about a job, which the stage then knows. */
    public static SQSEvent batch(Services stage) {
        JobRequest request = JobRequest.of("Rehearse.");
        Job job = Job.queued(JOB, FUNCTION, request, stage.clock().instant());
        JobStore.Creation created = stage.jobs().create(job, request);
        LOG.debug("{}", created);
        SQSEvent.SQSMessage message = new SQSEvent.SQSMessage();
        message.setMessageId(FUNCTION);
        message.setBody(JobMessage.of(job).body());
        SQSEvent event = new SQSEvent();
        event.setRecords(List.of(message));
        return event;
    }

    /** Has a function's work done again and again, from the bytes of events to those of answers. */
    public static void repeat(List<?> events, RequestStreamHandler function) {
        try {
            for (int round = 0; round < ROUNDS; round++) {
                for (Object event : events) {
                    ByteArrayOutputStream json = new ByteArrayOutputStream();
                    EventJson.write(json, event);
                    InputStream bytes = new ByteArrayInputStream(json.toByteArray());
                    function.handleRequest(bytes, new ByteArrayOutputStream(), new Invocation());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A failure costs the restored copies time, and nothing else. */
    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
        try {
            play.run();
        } catch (RuntimeException e) {
            LOG.warn("the rehearsal before the snapshot failed; the first invocations will be slower", e);
        }
    }

    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) {}

    private record Invocation() implements Context {
        private static final Duration LEFT = Duration.ofSeconds(60);

        @Override
        public String getAwsRequestId() {
            return FUNCTION;
        }

        @Override
        public String getLogGroupName() {
            return FUNCTION;
        }

        @Override
        public String getLogStreamName() {
            return FUNCTION;
        }

        @Override
        public String getFunctionName() {
            return FUNCTION;
        }

        @Override
        public String getFunctionVersion() {
            return FUNCTION;
        }

        @Override
        public String getInvokedFunctionArn() {
            return FUNCTION;
        }

        @Override
        public @Nullable CognitoIdentity getIdentity() {
            return null;
        }

        @Override
        public @Nullable ClientContext getClientContext() {
            return null;
        }

        @Override
        public int getRemainingTimeInMillis() {
            return (int) LEFT.toMillis();
        }

        @Override
        public int getMemoryLimitInMB() {
            return 0;
        }

        @Override
        public @Nullable LambdaLogger getLogger() {
            return null;
        }
    }
}
