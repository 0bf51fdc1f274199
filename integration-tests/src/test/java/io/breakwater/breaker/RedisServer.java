package io.breakwater.breaker;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Redis or Valkey of the tests' own, in memory, on a free port of 127.0.0.1. It ends with this JVM, however that ends. */
final class RedisServer implements AutoCloseable {
    static final String INSTALLED = "io.breakwater.breaker.RedisServer#isInstalled";

    static final String MISSING =
            "neither redis-server nor valkey-server is on the PATH; install one, as by `apt-get install redis-server`,"
                    + " to hold the breaker's Redis store to its contract";

    private static final int STARTS = 5;

    /** Standard input ends when this JVM does; standard output when the server does. */
    private static final String UNTIL_INPUT_ENDS =
            "\"$@\" < /dev/null & exec > /dev/null 2>&1; read -r _; kill -KILL $!; wait $!";

    private final Process shell;
    private final int port;

    private RedisServer(Process shell, int port) {
        this.shell = shell;
        this.port = port;
    }

    /** For {@code @EnabledIf}; says on standard error what to install when it is not. */
    static boolean isInstalled() {
        boolean installed = program().isPresent();
        if (!installed) {
            System.err.println("SKIPPED: " + MISSING);
        }
        return installed;
    }

    private static Optional<Path> program() {
        return Stream.of("redis-server", "valkey-server")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts one with these settings besides its own; it serves when this returns. */
    static RedisServer start(String... settings) throws IOException {
        Path program = program().orElseThrow(() -> new IOException(MISSING));
        for (int start = 1; ; start++) {
            int port = freePort();
            List<String> command = new ArrayList<>(List.of("sh", "-c", UNTIL_INPUT_ENDS, "sh", program.toString()));
            command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
            command.addAll(List.of("--save", "", "--appendonly", "no"));
            command.addAll(List.of(settings));
            RedisServer server = new RedisServer(
                    new ProcessBuilder(command).redirectErrorStream(true).start(), port);
            Deque<String> lastLines = new ArrayDeque<>();
            if (server.isReady(lastLines)) {
                return server;
            }
            server.close();
            if (start == STARTS) {
                throw new IOException(program + " does not start: " + String.join(" | ", lastLines));
            }
        }
    }

    /** Somebody else may take it before the server does. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean isReady(Deque<String> lastLines) throws IOException {
        BufferedReader output = shell.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains("Ready to accept connections")) {
                return true;
            }
            lastLines.addLast(line);
            if (lastLines.size() > 5) {
                lastLines.removeFirst();
            }
        }
        return false;
    }

    RedisAddress address() {
        return RedisAddress.parse("redis://127.0.0.1:" + port);
    }

    /** Leaves what is sent to it lying until {@link #resume}. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        long pid = shell.children().findFirst().orElseThrow().pid();
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("kill -" + name + " " + pid + " ended with " + exit);
        }
    }

    @Override
    public void close() throws IOException {
        shell.outputWriter().close();
        try {
            shell.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
