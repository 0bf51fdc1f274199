package io.breakwater.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test writes on standard output, from which CloudWatch takes metrics. */
final class WrittenMetrics implements BeforeEachCallback, AfterEachCallback {
    private final PrintStream standardOutput = System.out;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Override
    public void beforeEach(ExtensionContext context) {
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        System.setOut(standardOutput);
    }

    List<JsonNode> lines() {
        return written.toString(StandardCharsets.UTF_8)
                .lines()
                .map(WrittenMetrics::embedded)
                .toList();
    }

    JsonNode onlyLine() {
        assertThat(lines()).hasSize(1);
        return lines().getFirst();
    }

    /** Parses the line and holds it to the specification's required members. */
    private static JsonNode embedded(String text) {
        JsonNode line = parse(text);
        JsonNode metadata = line.path("_aws");
        assertThat(metadata.path("Timestamp").isIntegralNumber()).isTrue();
        assertThat(metadata.path("CloudWatchMetrics")).hasSize(1);
        JsonNode directive = metadata.path("CloudWatchMetrics").path(0);
        assertThat(directive.path("Namespace").asText()).isEqualTo("Breakwater");
        assertThat(directive.path("Dimensions")).hasSize(1);
        assertThat(directive.path("Dimensions").path(0))
                .hasSize(1)
                .allSatisfy(
                        name -> assertThat(line.path(name.asText()).isTextual()).isTrue());
        assertThat(directive.path("Metrics")).isNotEmpty().allSatisfy(metric -> {
            assertThat(metric.path("Unit").asText()).isEqualTo("Count");
            assertThat(line.path(metric.path("Name").asText()).isNumber()).isTrue();
        });
        return line;
    }

    private static JsonNode parse(String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }
}
