package io.breakwater.infra;

import io.breakwater.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes down how this JVM was started, for {@code app.mjs} to start the CDK app likewise: with the JDK that the build chose
 * and without asking Maven, which takes seconds.
 */
final class Launch {
    private Launch() {}

    public static void main(String... arguments) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String classPath = System.getProperty("java.class.path");
        Files.writeString(
                Path.of(arguments[0]),
                Json.write(List.of(
                        java.toString(),
                        "-XX:TieredStopAtLevel=1",
                        // Nothing is logged here, and SLF4J would say that nobody listens.
                        "-Dslf4j.internal.verbosity=ERROR",
                        "-cp",
                        classPath,
                        Main.class.getName())));
    }
}
