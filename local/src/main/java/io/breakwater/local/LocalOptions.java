package io.breakwater.local;

import io.breakwater.config.ConfigurationReader;
import io.breakwater.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a local pipeline is put together.
 *
 * @param port of the HTTP API on 127.0.0.1; 0 for any free one
 * @param data where state is kept over restarts; in memory when empty
 * @param config path of a configuration file, or the name of a preset
 * @param workers the worker's environments at most; none for who runs his own
 * @param sweepInterval how often the sweeper is started
 * @param workerTimeout the worker's Lambda timeout; leases and the queue's visibility are derived from it
 */
public record LocalOptions(
        int port,
        Optional<Path> data,
        String config,
        BedrockTarget bedrock,
        int workers,
        Duration sweepInterval,
        Duration workerTimeout) {
    public static final int DEFAULT_PORT = 8080;
    public static final int DEFAULT_WORKERS = 4;

    /** Less would leave no time for a model call before what is kept for storing and closing. */
    public static final Duration SHORTEST_WORKER_TIMEOUT = Duration.ofSeconds(10);

    /** On any free port, in memory, with the shipped configuration and a simulator without latency. */
    public static final LocalOptions DEFAULTS = new LocalOptions(
            0,
            Optional.empty(),
            ConfigurationReader.DEFAULT_PRESET,
            new BedrockTarget.Simulator(1, Duration.ZERO),
            DEFAULT_WORKERS,
            Topology.SWEEP_INTERVAL,
            Topology.WORKER.timeout());

    public LocalOptions {
        if (workers < 0) {
            throw new IllegalArgumentException("there cannot be fewer than 0 workers, were " + workers);
        }
        if (!sweepInterval.isPositive()) {
            throw new IllegalArgumentException("the sweep interval must be positive, was " + sweepInterval);
        }
        if (workerTimeout.compareTo(SHORTEST_WORKER_TIMEOUT) < 0) {
            throw new IllegalArgumentException("the worker timeout must be at least %d s, was %d s"
                    .formatted(SHORTEST_WORKER_TIMEOUT.toSeconds(), workerTimeout.toSeconds()));
        }
    }

    public LocalOptions withPort(int port) {
        return new LocalOptions(port, data, config, bedrock, workers, sweepInterval, workerTimeout);
    }

    public LocalOptions withData(Path data) {
        return new LocalOptions(port, Optional.of(data), config, bedrock, workers, sweepInterval, workerTimeout);
    }

    public LocalOptions withConfig(String config) {
        return new LocalOptions(port, data, config, bedrock, workers, sweepInterval, workerTimeout);
    }

    public LocalOptions withBedrock(BedrockTarget bedrock) {
        return new LocalOptions(port, data, config, bedrock, workers, sweepInterval, workerTimeout);
    }

    public LocalOptions withWorkers(int workers) {
        return new LocalOptions(port, data, config, bedrock, workers, sweepInterval, workerTimeout);
    }

    public LocalOptions withSweepInterval(Duration sweepInterval) {
        return new LocalOptions(port, data, config, bedrock, workers, sweepInterval, workerTimeout);
    }

    public LocalOptions withWorkerTimeout(Duration workerTimeout) {
        return new LocalOptions(port, data, config, bedrock, workers, sweepInterval, workerTimeout);
    }
}
