package io.breakwater.local;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.breakwater.function.Services;
import io.breakwater.function.Settings;
import io.breakwater.function.request.RequestFunction;
import io.breakwater.function.worker.WorkerFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The Lambda functions of a pipeline, made from the settings that their environment variables hold. A handler that is
 * {@link AutoCloseable} is closed with its environment.
 *
 * @param request one handler for all requests, so it must be thread-safe
 * @param worker one handler for each environment
 */
public record Functions(
        Function<Settings, RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>> request,
        Function<Settings, RequestHandler<SQSEvent, @Nullable SQSBatchResponse>> worker) {

    /** The functions that are deployed, wired as they are there. */
    public static final Functions DEPLOYED = new Functions(
            settings -> new RequestFunction(Services.forRequests(settings)),
            settings -> new WorkerFunction(Services.forWorkers(settings)));
}
