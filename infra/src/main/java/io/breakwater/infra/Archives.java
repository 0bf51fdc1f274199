package io.breakwater.infra;

import io.breakwater.topology.FunctionSpec;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The functions' archives, as the build leaves them.
 *
 * @param directory where they are
 */
record Archives(Path directory) {
    /** Those of the project that the working directory is in. */
    static Archives ofProject() {
        Path start = Path.of("").toAbsolutePath();
        for (Path directory = start; directory != null; directory = directory.getParent()) {
            if (Files.exists(directory.resolve("cdk.json"))) {
                return new Archives(directory.resolve("functions/target"));
            }
        }
        throw new IllegalArgumentException("neither " + start + " nor a directory above it has a cdk.json");
    }

    /** The function's archive. */
    Path of(FunctionSpec function) {
        Path archive = directory.resolve(function.name() + ".zip");
        if (!Files.isRegularFile(archive)) {
            throw new IllegalArgumentException(
                    "the function " + function.name() + " is not built: there is no " + archive + "; run mvn package");
        }
        return archive;
    }
}
