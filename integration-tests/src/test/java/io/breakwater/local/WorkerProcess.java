package io.breakwater.local;

import java.io.IOException;
import java.time.Duration;

/**
 * A JVM of its own for one environment of the worker, which feeds itself and can be killed. Its settings are environment
 * variables, as they are for the deployed function, and its timeout is the argument, as in {@code PT5M}; it says
 * {@value #READY} on standard output when it polls, and ends when its standard input does, which is when the process that
 * started it closes it, ends or is killed.
 */
final class WorkerProcess {
    static final String READY = "ready";

    private WorkerProcess() {}

    static void main(String[] arguments) throws IOException {
        run(Functions.DEPLOYED, Duration.parse(arguments[0]));
    }

    static void run(Functions functions, Duration timeout) throws IOException {
        Workers workers = Workers.start(System.getenv(), functions, 1, timeout);
        Thread closing = new Thread(workers::close, "close");
        Runtime.getRuntime().addShutdownHook(closing);
        System.out.println(READY);
        while (System.in.read() >= 0) {
            // Nothing is said there; what counts is the end.
        }
        System.exit(0);
    }
}
