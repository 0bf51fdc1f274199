package io.breakwater.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.LayerVersion;
import software.constructs.Construct;

/** The user's own configuration file, in a layer beside the functions, whose archives stay what was tested. */
final class ConfigurationLayer extends Construct {
    private static final String FILE = "breakwater.yaml";

    /** Where a function finds it: layers are unpacked there. */
    static final String PATH = "/opt/" + FILE;

    private final LayerVersion layer;

    private ConfigurationLayer(Construct scope, String id, Path file) {
        super(scope, id);
        layer = LayerVersion.Builder.create(this, "Layer")
                .description("Breakwater's configuration, " + file.getFileName())
                .code(Code.fromAsset(directoryWith(file).toString()))
                .compatibleArchitectures(List.of(Architecture.ARM_64))
                .build();
    }

    /** The layer, where the configuration is no preset. */
    static List<LayerVersion> of(Construct scope, String id, Optional<Path> file) {
        return file.map(path -> List.of(new ConfigurationLayer(scope, id, path).layer))
                .orElse(List.of());
    }

    private static Path directoryWith(Path file) {
        try {
            Path directory = Files.createTempDirectory("breakwater-configuration");
            // What is registered last is deleted first, and a directory only when it is empty.
            directory.toFile().deleteOnExit();
            Files.copy(file, directory.resolve(FILE)).toFile().deleteOnExit();
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy the configuration " + file, e);
        }
    }
}
