package io.breakwater.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import io.breakwater.local.lambda.Environments;
import io.breakwater.local.packaged.FunctionProcess;
import io.breakwater.local.packaged.PackagedFunction;
import io.breakwater.local.packaged.PackagedHandler;
import io.breakwater.local.packaged.ProcessOptions;
import io.breakwater.topology.FunctionSpec;
import io.breakwater.topology.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The functions as they are deployed: their archives, unpacked, each environment a process under Lambda's runtime client. */
public final class PackagedFunctions {
    /** Each is a JVM; on Lambda there may be hundreds. */
    private static final int REQUEST_CONCURRENCY = 4;

    private final Map<String, PackagedFunction> functions;
    private final Path logs;
    private final boolean freezing;
    private final boolean snapStart;
    private final Map<String, AtomicInteger> started = new ConcurrentHashMap<>();

    private PackagedFunctions(Map<String, PackagedFunction> functions, Path logs, boolean freezing, boolean snapStart) {
        this.functions = functions;
        this.logs = logs;
        this.freezing = freezing;
        this.snapStart = snapStart;
    }

    /**
     * Unpacks the archives.
     *
     * @param archives where {@code mvn package} left them
     * @param directory what they are unpacked to; its {@code logs} get a file for each environment
     * @param freezing whether an environment is stopped while it has no invocation, as Lambda does
     * @param snapStart whether an environment starts as one that is restored from a snapshot
     * @throws IllegalStateException when an archive is missing
     */
    public static PackagedFunctions unpack(Path archives, Path directory, boolean freezing, boolean snapStart) {
        try {
            Path logs = Files.createDirectories(directory.resolve("logs"));
            Map<String, PackagedFunction> functions = Topology.FUNCTIONS.stream()
                    .map(spec -> PackagedFunction.unpack(spec, archives, directory.resolve(spec.name())))
                    .collect(Collectors.toUnmodifiableMap(
                            function -> function.spec().name(), Function.identity()));
            return new PackagedFunctions(functions, logs, freezing, snapStart);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack to " + directory, e);
        }
    }

    /** The functions, to run in a pipeline. */
    public Functions functions() {
        return new Functions(
                environment -> new Environments<>(
                        () -> new PackagedHandler<>(
                                start(Topology.REQUEST, environment),
                                APIGatewayV2HTTPEvent.class,
                                APIGatewayV2HTTPResponse.class),
                        REQUEST_CONCURRENCY,
                        Environments.IDLE_LIMIT,
                        Clock.systemUTC()),
                environment -> queue(Topology.WORKER, environment),
                environment -> new Environments<>(
                        () -> new PackagedHandler<ScheduledEvent, @Nullable Void>(
                                start(Topology.SWEEPER, environment), ScheduledEvent.class, Void.class),
                        1,
                        Environments.IDLE_LIMIT,
                        Clock.systemUTC()),
                environment -> queue(Topology.DEAD_LETTER, environment));
    }

    private PackagedHandler<SQSEvent, @Nullable SQSBatchResponse> queue(
            FunctionSpec spec, Map<String, String> environment) {
        return new PackagedHandler<>(start(spec, environment), SQSEvent.class, SQSBatchResponse.class);
    }

    /**
     * Starts one environment.
     *
     * @param environment the function's variables
     */
    public FunctionProcess start(FunctionSpec spec, Map<String, String> environment) {
        FunctionProcess process = FunctionProcess.start(function(spec), options(spec, environment), Clock.systemUTC());
        if (snapStart) {
            process.restore();
        }
        return process;
    }

    /** The function where it is unpacked. */
    public PackagedFunction function(FunctionSpec spec) {
        PackagedFunction function = functions.get(spec.name());
        if (function == null) {
            throw new IllegalArgumentException("there is no function " + spec.name());
        }
        return function;
    }

    private ProcessOptions options(FunctionSpec spec, Map<String, String> environment) {
        return new ProcessOptions(
                environment,
                logs,
                () -> spec.name() + "-"
                        + started.computeIfAbsent(spec.name(), _ -> new AtomicInteger())
                                .incrementAndGet(),
                ProcessOptions.LAMBDA_JVM,
                freezing,
                snapStart);
    }
}
