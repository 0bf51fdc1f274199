package io.breakwater.local;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.breakwater.function.Settings;
import io.breakwater.function.deadletter.DeadLetterFunction;
import io.breakwater.function.request.RequestFunction;
import io.breakwater.function.sweeper.SweeperFunction;
import io.breakwater.function.worker.WorkerFunction;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The Lambda functions of a pipeline, made from their environment variables: in this JVM, or {@link PackagedFunctions in
 * processes of their own}. A handler that is {@link AutoCloseable} is closed with its environment.
 *
 * @param request one handler for all requests, so it must be thread-safe
 * @param worker one handler for each environment
 * @param sweeper one handler for all runs, which do not overlap
 * @param deadLetters one handler for each environment
 */
public record Functions(
        Function<Map<String, String>, RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>> request,
        Function<Map<String, String>, RequestHandler<SQSEvent, @Nullable SQSBatchResponse>> worker,
        Function<Map<String, String>, RequestHandler<ScheduledEvent, @Nullable Void>> sweeper,
        Function<Map<String, String>, RequestHandler<SQSEvent, @Nullable SQSBatchResponse>> deadLetters) {

    /** The functions that are deployed, wired as they are there, but in this JVM. */
    public static final Functions DEPLOYED = new Functions(
            environment -> new RequestFunction(Settings.fromEnvironment(environment)),
            environment -> new WorkerFunction(Settings.fromEnvironment(environment)),
            environment -> new SweeperFunction(Settings.fromEnvironment(environment)),
            environment -> new DeadLetterFunction(Settings.fromEnvironment(environment)));
}
