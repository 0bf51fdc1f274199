package io.breakwater.local;

import io.breakwater.config.ConfigurationReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a local pipeline is put together.
 *
 * @param port of the HTTP API on 127.0.0.1; 0 for any free one
 * @param data where state is kept over restarts; in memory when empty
 * @param config path of a configuration file, or the name of a preset
 * @param workers the worker's environments in this JVM at most
 * @param workerProcesses further environments of the worker, each in a JVM of its own
 */
public record LocalOptions(
        int port, Optional<Path> data, String config, BedrockTarget bedrock, int workers, int workerProcesses) {
    public static final int DEFAULT_PORT = 8080;
    public static final int DEFAULT_WORKERS = 4;

    /** On any free port, in memory, with the shipped configuration and a simulator without latency. */
    public static final LocalOptions DEFAULTS = new LocalOptions(
            0,
            Optional.empty(),
            ConfigurationReader.DEFAULT_PRESET,
            new BedrockTarget.Simulator(1, Duration.ZERO),
            DEFAULT_WORKERS,
            0);

    public LocalOptions {
        if (workers < 0 || workerProcesses < 0 || workers + workerProcesses == 0) {
            throw new IllegalArgumentException("there must be at least one worker, were %d here and %d processes"
                    .formatted(workers, workerProcesses));
        }
    }

    public LocalOptions withPort(int port) {
        return new LocalOptions(port, data, config, bedrock, workers, workerProcesses);
    }

    public LocalOptions withData(Path data) {
        return new LocalOptions(port, Optional.of(data), config, bedrock, workers, workerProcesses);
    }

    public LocalOptions withConfig(String config) {
        return new LocalOptions(port, data, config, bedrock, workers, workerProcesses);
    }

    public LocalOptions withBedrock(BedrockTarget bedrock) {
        return new LocalOptions(port, data, config, bedrock, workers, workerProcesses);
    }

    public LocalOptions withWorkers(int workers, int workerProcesses) {
        return new LocalOptions(port, data, config, bedrock, workers, workerProcesses);
    }
}
