package io.breakwater.backend;

import io.breakwater.infra.Deployment;
import io.breakwater.infra.Synthesis;
import io.breakwater.local.engine.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** The template of the deployed stack, made by CDK once for all of a JVM's tests. */
final class SynthesizedTemplate {
    private SynthesizedTemplate() {}

    static String text() {
        return Made.TEXT;
    }

    private static final class Made {
        static final String TEXT = make();

        private static String make() {
            try (TemporaryDirectory assembly = TemporaryDirectory.create("breakwater-synth")) {
                return Files.readString(Synthesis.write(Deployment.defaults(), assembly.path()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
