package io.breakwater.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A {@link WorkerProcess}, seen from the process that started it. */
final class WorkerJvm implements AutoCloseable {
    private static final long CLOSE_SECONDS = 10;

    private final Process process;

    private WorkerJvm(Process process) {
        this.process = process;
    }

    /** Starts one with this JVM's own class path; {@link #awaitReady} says when it works. */
    static WorkerJvm start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                WorkerProcess.class.getName());
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        return new WorkerJvm(builder.start());
    }

    static void awaitReady(List<WorkerJvm> jvms) throws IOException {
        for (WorkerJvm jvm : jvms) {
            jvm.awaitReady();
        }
    }

    private void awaitReady() throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        if (!WorkerProcess.READY.equals(line)) {
            throw new IOException("worker process " + process.pid() + " did not start; its own message is above");
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Asks it to end by ending its input, which lets running invocations end too. */
    @Override
    public void close() throws IOException {
        process.outputWriter().close();
        try {
            if (!process.waitFor(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
