package io.breakwater.local;

import static java.util.stream.Collectors.toMap;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.breakwater.config.ConfigurationReader;
import io.breakwater.function.Settings;
import io.breakwater.local.engine.AwsBackend;
import io.breakwater.local.engine.AwsEngines;
import io.breakwater.local.engine.AwsResources;
import io.breakwater.local.http.HttpFront;
import io.breakwater.local.http.Mount;
import io.breakwater.local.schedule.Schedule;
import io.breakwater.local.simulator.BedrockSimulator;
import io.breakwater.local.simulator.Latency;
import io.breakwater.local.simulator.SimulatorControl;
import io.breakwater.local.simulator.SimulatorSettings;
import io.breakwater.topology.Topology;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The whole pipeline on this machine: the services that it uses, a Bedrock, the HTTP front, and the functions. */
public final class LocalPipeline implements AutoCloseable {
    private static final String SIMULATOR_PATH = "/simulator";
    private static final Logger LOG = LoggerFactory.getLogger(LocalPipeline.class);

    private final HttpFront front;
    private @Nullable AwsResources resources;
    private Map<String, String> environment = Map.of();
    private final Deque<AutoCloseable> lastStartedFirst = new ArrayDeque<>();

    private LocalPipeline(HttpFront front) {
        this.front = front;
    }

    /** Starts everything with embedded services, see {@link #start(LocalOptions, Functions, AwsBackend)}. */
    public static LocalPipeline start(LocalOptions options, Functions functions) throws IOException {
        return start(options, functions, AwsEngines.backend(options.data()));
    }

    /**
     * Starts everything, and returns when requests are served.
     *
     * @throws io.breakwater.config.InvalidConfigurationException when the configuration cannot be used
     * @throws io.breakwater.local.http.PortInUseException when the port cannot be had
     * @throws IllegalStateException when a part does not start or the data directory is in use, saying which and why
     */
    public static LocalPipeline start(LocalOptions options, Functions functions, AwsBackend backend)
            throws IOException {
        Map<String, String> models =
                new ConfigurationReader().read(options.config()).models();
        LocalPipeline pipeline = new LocalPipeline(HttpFront.bind(
                options.port(), Clock.systemUTC(), () -> UUID.randomUUID().toString()));
        try {
            pipeline.startBehindFront(options, functions, backend, models);
            return pipeline;
        } catch (IOException | RuntimeException | Error e) {
            pipeline.close();
            throw e;
        }
    }

    private void startBehindFront(
            LocalOptions options, Functions functions, AwsBackend backend, Map<String, String> models)
            throws IOException {
        AwsResources resources = started(backend.create(Topology.jobVisibility(options.workerTimeout())))
                .resources();
        this.resources = resources;
        Map<String, String> environment = new HashMap<>(resources.environment());
        environment.put("BREAKWATER_CONFIG", presetOrWholePath(options.config()));
        Optional.ofNullable(System.getenv("BREAKWATER_REDIS_URL"))
                .ifPresent(url -> environment.put("BREAKWATER_REDIS_URL", url));
        Map<String, Mount> mounts = connect(options.bedrock(), models, environment);
        this.environment = Map.copyOf(environment);

        RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> request =
                functions.request().apply(environment);
        if (request instanceof AutoCloseable closeable) {
            started(closeable);
        }
        if (options.workers() > 0) {
            started(Workers.start(environment, functions, options.workers(), options.workerTimeout()));
        }
        started(DeadLetters.start(environment, resources.deadLetterQueueUrl(), functions));
        started(Schedule.start(
                Topology.SWEEPER.deployedName(),
                options.sweepInterval(),
                Topology.SWEEPER.timeout(),
                functions.sweeper().apply(environment),
                Clock.systemUTC(),
                () -> UUID.randomUUID().toString()));
        front.serve(request, mounts);
    }

    /** A function in a process of its own has another working directory. */
    private static String presetOrWholePath(String config) {
        Path file = Path.of(config);
        return Files.exists(file) ? file.toAbsolutePath().toString() : config;
    }

    /** Has the functions' settings say where Bedrock is; the answer is what that adds to the HTTP front. */
    private Map<String, Mount> connect(
            BedrockTarget bedrock, Map<String, String> models, Map<String, String> environment) {
        return switch (bedrock) {
            case BedrockTarget.Simulator(long seed, var latency) -> {
                Map<String, String> aliasByModel =
                        models.entrySet().stream().collect(toMap(Map.Entry::getValue, Map.Entry::getKey));
                BedrockSimulator simulator = started(BedrockSimulator.start(
                        SimulatorSettings.seeded(seed)
                                .withLatency(Latency.constant(latency))
                                .withAliases(aliasByModel),
                        Clock.systemUTC()));
                connectUnsigned(simulator.endpointTemplate(), environment);
                yield Map.of(SIMULATOR_PATH, mount(simulator.control()));
            }
            case BedrockTarget.Url(String template)
            when !hasCredentials() -> {
                connectUnsigned(template, environment);
                yield Map.of();
            }
            case BedrockTarget.Url(String template) -> {
                environment.put("BREAKWATER_BEDROCK_ENDPOINT", template);
                useOwnCredentials(environment);
                yield Map.of();
            }
            case BedrockTarget.Aws()
            when !hasCredentials() ->
                throw new IllegalStateException(
                        "no AWS credentials to call Bedrock with: set AWS_PROFILE or AWS_ACCESS_KEY_ID, or use the"
                                + " simulator");
            case BedrockTarget.Aws() -> {
                useOwnCredentials(environment);
                yield Map.of();
            }
        };
    }

    /** Nothing then needs real credentials, and the SDK is content with any. */
    private static void connectUnsigned(String template, Map<String, String> environment) {
        environment.put("BREAKWATER_BEDROCK_ENDPOINT", template);
        environment.put("BREAKWATER_BEDROCK_UNSIGNED", "true");
        System.setProperty("aws.accessKeyId", environment.getOrDefault("AWS_ACCESS_KEY_ID", "local"));
        System.setProperty("aws.secretAccessKey", environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "local"));
    }

    /** The embedded services accept these too. */
    private static void useOwnCredentials(Map<String, String> environment) {
        environment.remove("AWS_ACCESS_KEY_ID");
        environment.remove("AWS_SECRET_ACCESS_KEY");
    }

    private static boolean hasCredentials() {
        try (var credentials = DefaultCredentialsProvider.builder().build()) {
            credentials.resolveCredentials();
            return true;
        } catch (SdkClientException e) {
            return false;
        }
    }

    private static Mount mount(SimulatorControl control) {
        return (method, path, body) -> {
            SimulatorControl.Response response = control.handle(method, path, body);
            return new Mount.Answer(response.status(), response.contentType(), response.body());
        };
    }

    private <T extends AutoCloseable> T started(T part) {
        lastStartedFirst.push(part);
        return part;
    }

    /** Where the HTTP API is. */
    public URI uri() {
        return front.uri();
    }

    /** The tables, queues and bucket that it works with. */
    public AwsResources resources() {
        return Objects.requireNonNull(resources);
    }

    /** The environment variables of its functions. */
    public Map<String, String> environment() {
        return environment;
    }

    /** What its functions are told about their surroundings: where the tables, the queue and the bucket are. */
    public Settings settings() {
        return Settings.fromEnvironment(environment);
    }

    /** Takes no more requests, lets running invocations end, then stops the services. */
    @Override
    public void close() {
        front.close();
        while (!lastStartedFirst.isEmpty()) {
            close(lastStartedFirst.pop());
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.warn("{} did not close cleanly", part, e);
        }
    }
}
