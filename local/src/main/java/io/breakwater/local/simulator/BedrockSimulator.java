package io.breakwater.local.simulator;

import com.sun.net.httpserver.HttpServer;
import io.breakwater.local.http.Loopback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Bedrock's Converse operation on 127.0.0.1, for the real AWS SDK: every region of it behind one port, each model an
 * echo of its prompt, with latency, quotas and faults that {@link #control} sets while it runs.
 */
public final class BedrockSimulator implements AutoCloseable {
    /** Enough for the calls that a whole worker fleet opens at once; a refused one would wait a second to try again. */
    private static final int BACKLOG = 1_024;

    private final HttpServer server;
    private final ExecutorService threads;
    private final CountDownLatch closed;
    private final SimulatorControl control;

    private BedrockSimulator(
            HttpServer server, ExecutorService threads, CountDownLatch closed, SimulatorControl control) {
        this.server = server;
        this.threads = threads;
        this.closed = closed;
        this.control = control;
    }

    /**
     * Starts a simulator.
     *
     * @param clock when faults end and quotas begin anew
     * @throws UncheckedIOException when the port is taken, naming it
     */
    public static BedrockSimulator start(SimulatorSettings settings, Clock clock) {
        var faults = new Faults(settings.aliasByModel(), clock);
        var quotas = new Quotas(settings.quotas(), settings.aliasByModel(), clock);
        var counts = new CallCounts();
        var latency = new AtomicReference<>(settings.latency());
        var closed = new CountDownLatch(1);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpServer server = listen(settings.port());
        server.setExecutor(threads);
        server.createContext(
                "/", new ConverseHandler(new Dice(settings.seed()), faults, quotas, counts, latency, closed));
        server.start();
        return new BedrockSimulator(
                server, threads, closed, new SimulatorControl(faults, quotas, counts, latency, clock));
    }

    /** Where a region's endpoint is, with <code>{region}</code> in the region's place. */
    public String endpointTemplate() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/{region}";
    }

    public SimulatorControl control() {
        return control;
    }

    /** Stops listening and drops every connection, stalled ones too. */
    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.close();
    }

    private static HttpServer listen(int port) {
        try {
            return Loopback.server(port, BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the Bedrock simulator cannot listen on 127.0.0.1:" + port + ": " + e.getMessage(), e);
        }
    }
}
