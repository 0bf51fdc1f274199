package io.breakwater.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the command does as a process: serve, here or packaged, end on a signal, and leave nothing behind. */
@Timeout(180)
class LocalProcessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Pattern READY = Pattern.compile("ready at (http://127\\.0\\.0\\.1:\\d+)");
    private static final int TERMINATED = 143;
    private static final String ARCHIVES = "../functions/target";

    @TempDir
    private Path directory;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void killProcesses() {
        processes.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }

    @Test
    void packagedFunctionsServeJobsAndEndWithASignal() throws Exception {
        Process pipeline = start("--functions", "packaged", "--archives", ARCHIVES);
        URI api = awaitReady();

        URI job = api.resolve(submit(api, "Why do breakwaters work?"));

        await().atMost(PATIENCE).until(() -> status(job).equals("SUCCEEDED"));
        List<ProcessHandle> environments = environments(pipeline);
        assertThat(environments).hasSizeGreaterThanOrEqualTo(2);
        pipeline.destroy();
        assertThat(pipeline.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(pipeline.exitValue()).isEqualTo(TERMINATED);
        assertThat(output()).endsWith("Breakwater has stopped.\n");
        assertThat(environments).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void stoppedEnvironmentsDieWithAParentThatIsKilled() throws Exception {
        Process pipeline = start("--functions", "packaged", "--archives", ARCHIVES);
        URI api = awaitReady();
        submit(api, "Why do breakwaters work?");
        List<ProcessHandle> environments = environments(pipeline);
        assertThat(environments).isNotEmpty();

        pipeline.destroyForcibly();

        await().atMost(PATIENCE).until(() -> environments.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void archivesThatAreNotBuiltAreToldInOneLine() throws Exception {
        Process pipeline = start("--functions", "packaged", "--archives", directory.toString());

        assertThat(pipeline.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(pipeline.exitValue()).isEqualTo(1);
    }

    @Test
    void aPipelineThatMavenStartedEndsWithAMavenThatIsKilled() throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "\"$@\" & wait", "sh"));
        command.addAll(command("-D" + Main.ENDS_WITH_PARENT + "=true"));
        Process shell = start(command);
        awaitReady();
        List<ProcessHandle> pipeline = shell.children().toList();
        assertThat(pipeline).hasSize(1);

        shell.destroyForcibly();

        await().atMost(PATIENCE).until(() -> pipeline.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(output()).endsWith("Breakwater has stopped.\n");
    }

    @Test
    void jobsSurviveARestartWithADataDirectory() throws Exception {
        Path data = directory.resolve("data");
        Process first = start("--data", data.toString());
        URI before = awaitReady();
        String job = submit(before, "Remember me");
        await().atMost(PATIENCE).until(() -> status(before.resolve(job)).equals("SUCCEEDED"));
        first.destroy();
        assertThat(first.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        start("--data", data.toString());
        URI after = awaitReady();

        assertThat(status(after.resolve(job))).isEqualTo("SUCCEEDED");
    }

    private static List<ProcessHandle> environments(Process pipeline) {
        return pipeline.children()
                .filter(child -> child.info().commandLine().orElse("").contains("AWSLambda"))
                .toList();
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = command();
        command.addAll(List.of(arguments));
        return start(command);
    }

    private Process start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(outputFile().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        return process;
    }

    private static List<String> command(String... jvmArguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of(jvmArguments));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "--port", "0"));
        return command;
    }

    private URI awaitReady() {
        return URI.create(await().atMost(PATIENCE)
                .until(() -> READY.matcher(output()), Matcher::find)
                .group(1));
    }

    /** Of the process started last. */
    private String output() throws IOException {
        return Files.readString(directory.resolve("output-" + processes.size()));
    }

    private Path outputFile() {
        return directory.resolve("output-" + (processes.size() + 1));
    }

    private String submit(URI api, String prompt) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(api.resolve("/jobs"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(Json.MAPPER
                                .createObjectNode()
                                .put("prompt", prompt)
                                .toString()))
                        .build(),
                BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return response.headers().firstValue("Location").orElseThrow();
    }

    private String status(URI job) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(HttpRequest.newBuilder(job).build(), BodyHandlers.ofString());
        JsonNode body = Json.MAPPER.readTree(response.body());
        return body.path("status").asText();
    }
}
