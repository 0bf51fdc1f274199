package io.breakwater.local;

import io.breakwater.function.Settings;
import java.io.IOException;

/**
 * A JVM of its own for one environment of the worker. Its settings are environment variables, as they are for the
 * deployed function; it says {@value #READY} on standard output when it polls, and ends when its standard input does,
 * which is when the process that started it closes it, ends or is killed.
 */
final class WorkerProcess {
    static final String READY = "ready";

    private WorkerProcess() {}

    static void main() throws IOException {
        run(Functions.DEPLOYED);
    }

    static void run(Functions functions) throws IOException {
        Workers workers = Workers.start(Settings.fromEnvironment(System.getenv()), functions, 1);
        Thread closing = new Thread(workers::close, "close");
        Runtime.getRuntime().addShutdownHook(closing);
        System.out.println(READY);
        while (System.in.read() >= 0) {
            // Nothing is said there; what counts is the end.
        }
        System.exit(0);
    }
}
