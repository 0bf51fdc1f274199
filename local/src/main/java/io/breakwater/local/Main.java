package io.breakwater.local;

import io.breakwater.config.ConfigurationReader;
import io.breakwater.config.InvalidConfigurationException;
import io.breakwater.local.BedrockTarget.Aws;
import io.breakwater.local.BedrockTarget.Simulator;
import io.breakwater.local.BedrockTarget.Url;
import io.breakwater.local.engine.TemporaryDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The local pipeline's command line: flags in, a pipeline that runs until Ctrl-C, or one line that says why not. */
@Command(
        name = "breakwater",
        mixinStandardHelpOptions = true,
        version = "Breakwater 0.1.0-SNAPSHOT",
        description = "Runs the whole pipeline on this machine.")
public final class Main implements Callable<Integer> {
    /** System property for who starts this and may be killed: Maven does not take its child along. */
    static final String ENDS_WITH_PARENT = "breakwater.endsWithParent";

    private static final String SIMULATOR = "simulator";
    private static final String AWS = "aws";
    private static final String HERE = "here";
    private static final String PACKAGED = "packaged";

    private final Functions functions;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "of the HTTP API on 127.0.0.1; 0 for any free one (${DEFAULT-VALUE})")
    private int port;

    @Option(names = "--data", paramLabel = "DIR", description = "keep state there over restarts (in memory)")
    private @Nullable Path data;

    @Option(
            names = "--config",
            paramLabel = "FILE|PRESET",
            defaultValue = ConfigurationReader.DEFAULT_PRESET,
            description = "tiers, endpoints and limits: a file, or a preset: default, article (${DEFAULT-VALUE})")
    private String config = ConfigurationReader.DEFAULT_PRESET;

    @Option(
            names = "--bedrock",
            paramLabel = "simulator|aws|URL",
            defaultValue = SIMULATOR,
            description = "what answers model calls; {region} in a URL stands for the region (${DEFAULT-VALUE})")
    private String bedrock = SIMULATOR;

    @Option(
            names = "--functions",
            paramLabel = "here|packaged",
            defaultValue = HERE,
            description = "where functions run: in this JVM, or as they are deployed, each environment a process under"
                    + " Lambda's own runtime client (${DEFAULT-VALUE})")
    private String where = HERE;

    @Option(
            names = "--archives",
            paramLabel = "DIR",
            defaultValue = "functions/target",
            description = "where the packaged functions are (${DEFAULT-VALUE})")
    private Path archives = Path.of("");

    @Option(
            names = "--no-freeze",
            negatable = true,
            description = "let a packaged function's process run on between invocations, while Lambda stops it")
    private boolean freezing = true;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "4",
            description = "worker environments (${DEFAULT-VALUE})")
    private int workers;

    @Option(
            names = "--sweep-seconds",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "between runs of the sweeper (${DEFAULT-VALUE})")
    private int sweepSeconds;

    @Option(
            names = "--worker-timeout-seconds",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description =
                    "after which an invocation of the worker is ended, and somewhat later its jobs and messages are"
                            + " free again (${DEFAULT-VALUE})")
    private int workerTimeoutSeconds;

    @Option(names = "--seed", paramLabel = "N", description = "of the simulator's chances (1)")
    private @Nullable Long seed;

    @Option(names = "--latency", paramLabel = "MILLIS", description = "of the simulator's answers (0)")
    private @Nullable Integer latencyMillis;

    Main(Functions functions) {
        this.functions = functions;
    }

    static void main(String[] arguments) {
        int exitCode = commandLine(Functions.DEPLOYED).execute(arguments);
        System.exit(exitCode);
    }

    static CommandLine commandLine(Functions functions) {
        return new CommandLine(new Main(functions))
                .setParameterExceptionHandler((e, arguments) -> {
                    String hint = "; --help lists the flags";
                    e.getCommandLine().getErr().println(oneLine(e) + hint);
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((e, commandLine, parsed) -> {
                    if (!isExpected(e)) {
                        throw e;
                    }
                    commandLine.getErr().println(oneLine(e));
                    return e instanceof InvalidConfigurationException
                            ? CommandLine.ExitCode.USAGE
                            : CommandLine.ExitCode.SOFTWARE;
                });
    }

    /** Failures whose message is meant for the user. */
    private static boolean isExpected(Exception e) {
        return e instanceof InvalidConfigurationException
                || e instanceof IllegalStateException
                || e instanceof IOException
                || e instanceof UncheckedIOException;
    }

    private static String oneLine(Exception e) {
        String message = Optional.ofNullable(e.getMessage()).orElseGet(e::toString);
        return "breakwater: " + message.strip().replaceAll(":\\s*\n\\s*", ": ").replaceAll("\\s*\n\\s*", "; ");
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        LocalOptions options = options();
        Optional<TemporaryDirectory> unpacked =
                where.equals(PACKAGED) ? Optional.of(TemporaryDirectory.create("breakwater-")) : Optional.empty();
        LocalPipeline pipeline = start(options, unpacked);
        PrintWriter out = spec.commandLine().getOut();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            pipeline.close();
                            unpacked.ifPresent(TemporaryDirectory::close);
                            out.println("Breakwater has stopped.");
                        },
                        "stop"));
        out.println(banner(pipeline, unpacked));
        awaitEnd();
        return CommandLine.ExitCode.OK;
    }

    private LocalPipeline start(LocalOptions options, Optional<TemporaryDirectory> unpacked) throws IOException {
        try {
            return LocalPipeline.start(options, functions(unpacked));
        } catch (IOException | RuntimeException | Error e) {
            unpacked.ifPresent(TemporaryDirectory::close);
            throw e;
        }
    }

    private static void awaitEnd() throws InterruptedException {
        Optional<ProcessHandle> parent =
                Boolean.getBoolean(ENDS_WITH_PARENT) ? ProcessHandle.current().parent() : Optional.empty();
        if (parent.isPresent()) {
            parent.get().onExit().join();
        } else {
            new CountDownLatch(1).await();
        }
    }

    private Functions functions(Optional<TemporaryDirectory> unpacked) {
        return unpacked.map(directory -> PackagedFunctions.unpack(archives, directory.path(), freezing, false)
                        .functions())
                .orElse(functions);
    }

    private LocalOptions options() {
        if (!where.equals(HERE) && !where.equals(PACKAGED)) {
            throw new ParameterException(
                    spec.commandLine(), "--functions must be %s or %s, was %s".formatted(HERE, PACKAGED, where));
        }
        if (workers < 1) {
            throw new ParameterException(spec.commandLine(), "--workers must be at least 1, was " + workers);
        }
        if (port < 0 || port > 65_535) {
            throw new ParameterException(spec.commandLine(), "--port must be 0 to 65535, was " + port);
        }
        try {
            return new LocalOptions(
                    port,
                    Optional.ofNullable(data),
                    config,
                    bedrockTarget(),
                    workers,
                    Duration.ofSeconds(sweepSeconds),
                    Duration.ofSeconds(workerTimeoutSeconds));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private BedrockTarget bedrockTarget() {
        if (bedrock.equals(SIMULATOR)) {
            return new Simulator(
                    Optional.ofNullable(seed).orElse(1L),
                    latency(Optional.ofNullable(latencyMillis).orElse(0)));
        }
        if (seed != null || latencyMillis != null) {
            throw new IllegalArgumentException(
                    "--seed and --latency are the simulator's: they go without --bedrock=" + bedrock);
        }
        return bedrock.equals(AWS) ? new Aws() : new Url(bedrock);
    }

    private static Duration latency(int millis) {
        if (millis < 0) {
            throw new IllegalArgumentException("--latency must be at least 0, was " + millis);
        }
        return Duration.ofMillis(millis);
    }

    private String banner(LocalPipeline pipeline, Optional<TemporaryDirectory> unpacked) {
        Duration sinceStart = Duration.ofMillis(System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime());
        String models = switch (bedrock) {
            case SIMULATOR -> "simulated models";
            case AWS -> "Bedrock, at your cost";
            default -> "the models of " + bedrock;
        };
        String faults = bedrock.equals(SIMULATOR) ? """
              break    curl -X PUT $URI/simulator/faults -d '{"region":"us-east-1","model":"*","fault":"THROTTLE","probability":1.0,"durationSeconds":60}'
            """ : "";
        return """

            Breakwater is ready at $URI after $SECONDS s, with $MODELS and $STATE. Ctrl-C stops it.

              submit   curl -i $URI/jobs -H 'content-type: application/json' -d '{"prompt":"Why do breakwaters work?"}'
              poll     curl $URI/jobs/ID
              result   curl -L $URI/jobs/ID/result
              watch    curl $URI/endpoints
            """.concat(faults)
                .concat(unpacked.map(
                                directory -> "  logs     " + directory.path().resolve("logs") + "\n")
                        .orElse(""))
                .replace("$URI", pipeline.uri().toString())
                .replace("$SECONDS", "%.1f".formatted(sinceStart.toMillis() / 1000.0))
                .replace("$MODELS", models)
                .replace("$STATE", data == null ? "state in memory" : "state in " + data);
    }
}
