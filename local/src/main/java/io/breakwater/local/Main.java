package io.breakwater.local;

import io.breakwater.config.ConfigurationReader;
import io.breakwater.config.InvalidConfigurationException;
import io.breakwater.local.BedrockTarget.Aws;
import io.breakwater.local.BedrockTarget.Simulator;
import io.breakwater.local.BedrockTarget.Url;
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
    private static final String SIMULATOR = "simulator";
    private static final String AWS = "aws";

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
            names = "--workers",
            paramLabel = "N",
            defaultValue = "4",
            description = "worker environments in this JVM (${DEFAULT-VALUE})")
    private int workers;

    @Option(
            names = "--worker-processes",
            paramLabel = "N",
            defaultValue = "0",
            description = "worker environments in JVMs of their own (${DEFAULT-VALUE})")
    private int workerProcesses;

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
        LocalPipeline pipeline = LocalPipeline.start(options(), functions);
        PrintWriter out = spec.commandLine().getOut();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            pipeline.close();
                            out.println("Breakwater has stopped.");
                        },
                        "stop"));
        out.println(banner(pipeline));
        new CountDownLatch(1).await();
        return CommandLine.ExitCode.OK;
    }

    private LocalOptions options() {
        if (port < 0 || port > 65_535) {
            throw new ParameterException(spec.commandLine(), "--port must be 0 to 65535, was " + port);
        }
        try {
            return new LocalOptions(port, Optional.ofNullable(data), config, bedrockTarget(), workers, workerProcesses);
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

    private String banner(LocalPipeline pipeline) {
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
                .replace("$URI", pipeline.uri().toString())
                .replace("$SECONDS", "%.1f".formatted(sinceStart.toMillis() / 1000.0))
                .replace("$MODELS", models)
                .replace("$STATE", data == null ? "state in memory" : "state in " + data);
    }
}
