package io.breakwater.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.breakwater.topology.FunctionSpec;
import io.breakwater.topology.Topology;
import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import io.github.cdklabs.cdknag.NagPackProps;
import io.github.cdklabs.cdknag.NagReportFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aspects;

/** A deployment's stack, synthesised with archives that stand in for the functions'. */
final class Synthesised {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;

    private Synthesised(Map<String, Object> context) {
        try {
            directory = Files.createTempDirectory("synthesised");
            App app = Synthesis.app(directory.resolve("cdk.out"));
            new BreakwaterStack(app, DeploymentReader.read(context), archives(directory));
            Aspects.of(app)
                    .add(new AwsSolutionsChecks(NagPackProps.builder()
                            .reportFormats(List.of(NagReportFormat.JSON))
                            .build()));
            app.synth();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The stack as it is with nothing chosen but this. */
    static Synthesised with(Map<String, Object> context) {
        return new Synthesised(context);
    }

    JsonNode template() {
        return read("Breakwater.template.json");
    }

    /** What cdk-nag found of each rule and resource. */
    JsonNode nagReport() {
        return read("AwsSolutions-Breakwater-NagReport.json").path("lines");
    }

    /** The properties of every resource of this type, by logical id. */
    Map<String, JsonNode> resources(String type) {
        Map<String, JsonNode> found = new TreeMap<>();
        template().path("Resources").properties().stream()
                .filter(resource -> resource.getValue().path("Type").asText().equals(type))
                .forEach(resource ->
                        found.put(resource.getKey(), resource.getValue().path("Properties")));
        return found;
    }

    /** The properties of the one resource of this type whose logical id starts so. */
    JsonNode resource(String type, String id) {
        List<JsonNode> found = resources(type).entrySet().stream()
                .filter(resource -> resource.getKey().startsWith(id))
                .map(Map.Entry::getValue)
                .toList();
        assertThat(found).as("%s %s…", type, id).hasSize(1);
        return found.getFirst();
    }

    /** Of a property that is an array only where it has several values. */
    static List<String> texts(JsonNode oneOrMore) {
        return oneOrMore.isArray()
                ? oneOrMore.valueStream().map(JsonNode::asText).toList()
                : List.of(oneOrMore.asText());
    }

    private JsonNode read(String file) {
        try {
            return JSON.readTree(directory.resolve("cdk.out").resolve(file).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Archives archives(Path directory) throws IOException {
        for (FunctionSpec function : Topology.FUNCTIONS) {
            try (ZipOutputStream zip =
                    new ZipOutputStream(Files.newOutputStream(directory.resolve(function.name() + ".zip")))) {
                zip.putNextEntry(new ZipEntry(function.name()));
            }
        }
        return new Archives(directory);
    }
}
