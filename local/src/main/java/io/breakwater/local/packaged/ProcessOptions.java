package io.breakwater.local.packaged;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How a function's processes are run.
 *
 * @param environment the function's variables
 * @param logs directory for what they write
 * @param stream names the next process's log
 * @param freezing whether a process is stopped while it has no invocation
 * @param snapStart whether a process starts as one of which a snapshot is taken, and is restored from where it stood then
 */
public record ProcessOptions(
        Map<String, String> environment,
        Path logs,
        Supplier<String> stream,
        List<String> jvmArguments,
        boolean freezing,
        boolean snapStart) {

    /** What Lambda's Java runtime runs with by default. */
    public static final List<String> LAMBDA_JVM =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

    public ProcessOptions {
        environment = Map.copyOf(environment);
        jvmArguments = List.copyOf(jvmArguments);
    }
}
