package io.breakwater.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class MainTest {
    private static final Functions FUNCTIONS = new Functions(
            settings -> (event, context) ->
                    APIGatewayV2HTTPResponse.builder().withStatusCode(200).build(),
            settings -> (event, context) -> null,
            settings -> (event, context) -> null,
            settings -> (event, context) -> null);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--prot 8080                       | --prot",
                "--port eighty                     | --port",
                "--port 65536                      | 65536",
                "--port                            | --port",
                "--workers 0                       | at least 1",
                "--functions there                 | there",
                "--workers -1                      | -1",
                "--bedrock ftp://somewhere         | ftp://somewhere",
                "--bedrock aws --latency 5         | --latency",
                "--latency -5                      | -5",
                "--latency soon                    | --latency",
                "--sweep-seconds 0                 | sweep",
                "--worker-timeout-seconds 9        | at least 10 s",
                "stray                             | stray",
                "--config no-such-preset           | no-such-preset",
            })
    void aWrongFlagIsToldInOneLine(String arguments, String named) {
        int exitCode = execute(arguments.strip().split(" "));

        assertThat(exitCode).isEqualTo(2);
        assertOneLineNaming(named);
    }

    @Test
    void aConfigurationWithSeveralErrorsIsToldInOneLine(@TempDir Path directory) throws IOException {
        Path config = directory.resolve("breakwater.yaml");
        Files.writeString(config, "tiers: []\nbreaker: {windowSeconds: -1}\n");

        int exitCode = execute("--config", config.toString());

        assertThat(exitCode).isEqualTo(2);
        assertOneLineNaming("windowSeconds");
        assertThat(err.toString()).contains("tiers");
    }

    @Test
    void aTakenPortIsToldInOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            int exitCode = execute("--port", Integer.toString(taken.getLocalPort()));

            assertThat(exitCode).isEqualTo(1);
            assertOneLineNaming("127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void aDataDirectoryInUseIsToldInOneLine(@TempDir Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();

            int exitCode = execute("--port", "0", "--data", directory.toString());

            assertThat(exitCode).isEqualTo(1);
            assertOneLineNaming(directory.toString());
        }
    }

    @Test
    void helpListsTheFlags() {
        int exitCode = execute("--help");

        assertThat(exitCode).isZero();
        assertThat(out.toString())
                .contains("--port", "--data", "--config", "--bedrock", "--workers", "--functions", "--seed");
        assertThat(err.toString()).isEmpty();
    }

    private int execute(String... arguments) {
        return Main.commandLine(FUNCTIONS)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private void assertOneLineNaming(String text) {
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).startsWith("breakwater: ").contains(text);
        assertThat(out.toString()).isEmpty();
    }
}
