package io.breakwater.local.packaged;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import io.breakwater.local.lambda.EnvironmentLostException;
import io.breakwater.topology.FunctionSpec;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

/**
 * An execution environment as Lambda has it: a process that runs an unpacked archive under Lambda's own runtime client,
 * one invocation at a time, stopped in between. Killed when this process ends, however it ends.
 *
 * <p>As on Lambda, the class path holds the runtime client, whose class loader finds the function and its {@code lib} in the
 * working directory.
 */
public final class FunctionProcess implements AutoCloseable {
    /** Lambda allows ten seconds, and then tries again within the first invocation's time. */
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private static final Duration EXIT_LIMIT = Duration.ofSeconds(10);

    /** What a JVM on Lambda leaves of the memory to everything else than its heap. */
    private static final double HEAP_SHARE = 0.8;

    /** Of a process that dies: as much as a JVM says of its crash, or an exception with its trace. */
    private static final int END_OF_LOG = 4_000;

    /** Exit status of one that somebody killed: its log knows nothing of that. */
    private static final int KILLED = 128 + 9;

    private final boolean freezing;
    private final InstantSource clock;
    private final Path log;
    private final RuntimeApi api;
    private final Process process;
    private final Process guard;

    private FunctionProcess(PackagedFunction function, ProcessOptions options, InstantSource clock) throws IOException {
        this.freezing = options.freezing();
        this.clock = clock;
        this.log = options.logs().resolve(options.stream().get() + ".log");
        this.api = RuntimeApi.start(this::freezeAtRest);
        this.process = launch(function, options);
        this.guard = guard(process);
        Thread.ofVirtual().start(() -> exited(process.onExit().join()));
    }

    /**
     * Starts an environment, and returns when it waits for its first invocation or, with SnapStart, to be restored.
     *
     * @throws FunctionErrorException when the function cannot be initialised
     * @throws IllegalStateException when the process does not start
     */
    public static FunctionProcess start(PackagedFunction function, ProcessOptions options, InstantSource clock) {
        try {
            FunctionProcess started = new FunctionProcess(function, options, clock);
            started.await(options.snapStart() ? started.api.snapshot() : started.api.ready());
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot start function " + function.spec().name(), e);
        }
    }

    private void await(CompletableFuture<@Nullable Void> state) {
        try {
            state.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            close();
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            close();
            throw new EnvironmentLostException("not initialised after " + START_LIMIT.toSeconds() + " s");
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new EnvironmentLostException("ended before it was initialised");
        }
    }

    private Process launch(PackagedFunction function, ProcessOptions options) throws IOException {
        FunctionSpec spec = function.spec();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + (int) (spec.memoryMegabytes() * HEAP_SHARE) + "m",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac"));
        command.addAll(options.jvmArguments());
        command.addAll(List.of("-cp", runtimeClient(), AWSLambda.class.getName(), spec.handler()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(function.directory().toFile());
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(options.environment());
        builder.environment().putAll(environment(function, options));
        return builder.start();
    }

    /** What <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html">Lambda sets</a>. */
    private Map<String, String> environment(PackagedFunction function, ProcessOptions options) {
        FunctionSpec spec = function.spec();
        String name = spec.deployedName();
        return Map.ofEntries(
                Map.entry("_HANDLER", spec.handler()),
                Map.entry("AWS_EXECUTION_ENV", "AWS_Lambda_java25"),
                Map.entry("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(spec.memoryMegabytes())),
                Map.entry("AWS_LAMBDA_FUNCTION_NAME", name),
                Map.entry("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                Map.entry("AWS_LAMBDA_INITIALIZATION_TYPE", options.snapStart() ? "snap-start" : "on-demand"),
                Map.entry("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + name),
                Map.entry("AWS_LAMBDA_LOG_STREAM_NAME", log.getFileName().toString()),
                Map.entry("AWS_LAMBDA_RUNTIME_API", api.address()),
                Map.entry("LAMBDA_TASK_ROOT", function.directory().toString()),
                Map.entry("TZ", ":UTC"));
    }

    /** The runtime client with what it depends on, as in {@code /var/runtime/lib}. */
    private static String runtimeClient() {
        return Stream.of(AWSLambda.class, LambdaRuntime.class, PojoSerializer.class, SdkInternalThreadLocal.class)
                .map(FunctionProcess::archive)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String archive(Class<?> type) {
        try {
            return Path.of(Objects.requireNonNull(type.getProtectionDomain().getCodeSource())
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A process that waits for this one to end, and then takes the environment along: it could be stopped for good. */
    private static Process guard(Process guarded) throws IOException {
        return new ProcessBuilder("sh", "-c", "read -r _; kill -KILL " + guarded.pid())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private synchronized void freezeAtRest() {
        if (freezing && api.isAtRest()) {
            Signal.STOP.send(process.toHandle());
        }
    }

    private void thaw() {
        if (freezing) {
            Signal.CONTINUE.send(process.toHandle());
        }
    }

    /** Goes on from the snapshot, and returns when the environment waits for its first invocation. */
    public void restore() {
        synchronized (this) {
            thaw();
            api.restore();
        }
        await(api.ready());
    }

    /**
     * Runs one invocation; event and answer are JSON.
     *
     * @throws FunctionErrorException when the function throws
     */
    public String invoke(String event, Context context) throws InterruptedException {
        CompletableFuture<String> answer;
        synchronized (this) {
            thaw();
            answer = api.invoke(
                    context.getAwsRequestId(),
                    clock.millis() + context.getRemainingTimeInMillis(),
                    context.getInvokedFunctionArn(),
                    context.getXrayTraceId(),
                    event);
        }
        if (!process.isAlive()) {
            exited(process);
        }
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private void exited(Process ended) {
        int status = ended.exitValue();
        String how = status > 128 ? "signal " + (status - 128) : "exit status " + status;
        String why = status == KILLED ? "" : "; its log ends:\n" + endOfLog();
        api.lost(new EnvironmentLostException("Runtime.ExitError: the runtime exited with " + how + why));
    }

    private String endOfLog() {
        try {
            String text = Files.readString(log);
            return text.substring(Math.max(0, text.length() - END_OF_LOG));
        } catch (IOException e) {
            return "cannot be read: " + e;
        }
    }

    /** The process, to be looked at. */
    public ProcessHandle process() {
        return process.toHandle();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        guard.destroyForcibly();
        try {
            process.waitFor(EXIT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        api.close();
    }
}
