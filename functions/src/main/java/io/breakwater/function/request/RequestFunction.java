package io.breakwater.function.request;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.admission.AdmissionControl;
import io.breakwater.admission.Intake;
import io.breakwater.config.Configuration;
import io.breakwater.function.EventJson;
import io.breakwater.function.FleetServices;
import io.breakwater.function.InvocationLog;
import io.breakwater.function.Rehearsal;
import io.breakwater.function.Services;
import io.breakwater.function.Settings;
import io.breakwater.job.JobQueue;
import io.breakwater.job.JobStore;
import io.breakwater.json.JsonSchema;
import io.breakwater.json.Yaml;
import io.breakwater.result.ResultStore;
import io.breakwater.routing.EndpointDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** Serves the HTTP API. Thread-safe. */
public final class RequestFunction
        implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>,
                RequestStreamHandler,
                AutoCloseable {
    private static final String OPENAPI = "/openapi.yaml";
    private static final Logger LOG = LoggerFactory.getLogger(RequestFunction.class);

    private final Routes routes;
    private final Runnable closing;

    /** Wired by the process's environment, as the Lambda runtime does. */
    public RequestFunction() {
        this(Settings.fromEnvironment(System.getenv()));
        Rehearsal.plan(() -> rehearse(Settings.fromEnvironment(System.getenv())));
    }

    /** Wired as it is deployed. */
    public RequestFunction(Settings settings) {
        this(new Services(settings, UrlConnectionHttpClient.create()));
    }

    private RequestFunction(Services services) {
        this(services, new FleetServices(services));
    }

    private RequestFunction(Services services, FleetServices fleet) {
        this(
                services.jobs(),
                services.queue(),
                services.results(),
                fleet.admission(),
                fleet.endpoints(),
                fleet.configuration(),
                services.clock(),
                services::newId,
                services::close);
    }

    /** A function on these services; {@code ids} names jobs that come without an Idempotency-Key. */
    public RequestFunction(
            JobStore jobs,
            JobQueue queue,
            ResultStore results,
            AdmissionControl admission,
            EndpointDirectory endpoints,
            Configuration configuration,
            InstantSource clock,
            Supplier<String> ids) {
        this(jobs, queue, results, admission, endpoints, configuration, clock, ids, () -> {});
    }

    private RequestFunction(
            JobStore jobs,
            JobQueue queue,
            ResultStore results,
            AdmissionControl admission,
            EndpointDirectory endpoints,
            Configuration configuration,
            InstantSource clock,
            Supplier<String> ids,
            Runnable closing) {
        this.closing = closing;
        String openApi = text(OPENAPI);
        JsonNode document = Yaml.resource(RequestFunction.class, OPENAPI);
        routes = new Routes()
                .on("GET", "/healthz", _ -> Response.ok(Map.of("status", "UP")))
                .on("GET", OPENAPI, _ -> Response.ok("application/yaml", openApi));
        Intake intake = new Intake(jobs, queue, admission, clock, ids);
        new JobRoutes(intake, jobs, results, clock, schema(document, "JobRequest")).addTo(routes);
        new EndpointRoutes(endpoints, configuration.chain(), clock, schema(document, "OverrideRequest")).addTo(routes);
    }

    static void rehearse(Settings settings) {
        Services stage = Services.rehearsing(settings);
        try (RequestFunction copy = new RequestFunction(stage)) {
            Rehearsal.repeat(RehearsedRequests.all(), (request, answer, context) -> {
                copy.handleRequest(request, answer, context);
                LOG.debug("{}", stage.results().presign(Rehearsal.JOB, JobRoutes.RESULT_URL_VALIDITY));
            });
        }
        try (Services real = new Services(settings, UrlConnectionHttpClient.create())) {
            new FleetServices(real).readOne();
        }
    }

    /** What Lambda calls. */
    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        EventJson.write(answer, handleRequest(EventJson.read(event, APIGatewayV2HTTPEvent.class), context));
    }

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        try (InvocationLog _ = InvocationLog.of(context)) {
            return serve(event, context.getAwsRequestId()).toEvent();
        }
    }

    private Response serve(APIGatewayV2HTTPEvent event, String requestId) {
        try {
            return routes.serve(new Request(event));
        } catch (ProblemException e) {
            return e.response();
        } catch (SdkException e) {
            LOG.error("request {}: a service of AWS did not answer as it should", requestId, e);
            return Response.retryLater(
                    Problem.logged(
                            Problem.Kind.UNAVAILABLE,
                            "a service that this needs cannot be reached; try again",
                            requestId),
                    JobRoutes.RETRY_AFTER);
        } catch (RuntimeException e) {
            LOG.error("request {} failed", requestId, e);
            return Response.problem(
                    Problem.logged(
                            Problem.Kind.INTERNAL_ERROR,
                            "this should not have happened; the log has more under the id",
                            requestId),
                    Map.of());
        }
    }

    @Override
    public void close() {
        closing.run();
    }

    /** Every route as {@code GET /jobs/{id}}, to be compared with what is documented. */
    List<String> routes() {
        return routes.names();
    }

    private static JsonSchema schema(JsonNode openApi, String name) {
        return JsonSchema.of(openApi, "/components/schemas/" + name);
    }

    private static String text(String resource) {
        try (InputStream stream = RequestFunction.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + resource + " is missing");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read resource " + resource, e);
        }
    }
}
