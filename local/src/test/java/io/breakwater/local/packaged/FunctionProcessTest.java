package io.breakwater.local.packaged;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.local.lambda.EnvironmentLostException;
import io.breakwater.topology.Topology;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionProcessTest {
    @TempDir
    private Path directory;

    @Test
    void aProcessThatDiesLeavesTheEndOfItsLog() {
        ProcessOptions options =
                new ProcessOptions(Map.of(), directory, () -> "dying", List.of("-XX:+NoSuchOption"), false, false);

        assertThatThrownBy(() -> FunctionProcess.start(
                        new PackagedFunction(Topology.WORKER, directory), options, InstantSource.system()))
                .isInstanceOf(EnvironmentLostException.class)
                .hasMessageContaining("exit status 1")
                .hasMessageContaining("Unrecognized VM option 'NoSuchOption'");
    }
}
