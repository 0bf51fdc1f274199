package io.breakwater.local.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.topology.Topology;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackagedFunctionTest {
    @TempDir
    private Path directory;

    @Test
    void anArchiveIsUnpacked() throws IOException {
        write("lib/some.jar");

        PackagedFunction.unpack(Topology.WORKER, directory, directory.resolve("worker"));

        assertThat(directory.resolve("worker/lib/some.jar")).hasContent("text");
    }

    @Test
    void aMissingArchiveIsToldWithWhatToDo() {
        assertThatThrownBy(() -> PackagedFunction.unpack(Topology.WORKER, directory, directory.resolve("worker")))
                .hasMessageContaining("worker.zip")
                .hasMessageContaining("mvn package");
    }

    @Test
    void anEntryThatLeadsOutIsRefused() throws IOException {
        write("../outside");

        assertThatThrownBy(() -> PackagedFunction.unpack(Topology.WORKER, directory, directory.resolve("worker")))
                .hasRootCauseMessage("an entry leads out of the archive: ../outside");
        assertThat(directory.resolve("outside")).doesNotExist();
    }

    private void write(String entry) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(directory.resolve("worker.zip")))) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write("text".getBytes(StandardCharsets.UTF_8));
        }
    }
}
