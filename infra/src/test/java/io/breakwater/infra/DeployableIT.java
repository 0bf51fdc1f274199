package io.breakwater.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.breakwater.topology.FunctionSpec;
import io.breakwater.topology.Topology;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The app as {@code npx cdk} starts it, with the archives that the build has made. */
@EnabledIf(value = Node.IS_PRESENT, disabledReason = Node.WHY)
class DeployableIT {
    private static final File PROJECT = new File("..");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void everyHandlerIsInTheArchiveThatIsDeployedForIt() throws Exception {
        Run run = run("{}");
        assertThat(run.status).as(run.errors).isZero();
        assertThat(run.errors).doesNotContain("WARNING");

        JsonNode template = JSON.readTree(
                directory.resolve("cdk.out/Breakwater.template.json").toFile());
        for (FunctionSpec spec : Topology.FUNCTIONS) {
            JsonNode function = template.path("Resources")
                    .valueStream()
                    .map(resource -> resource.path("Properties"))
                    .filter(properties ->
                            properties.path("FunctionName").asText().equals("breakwater-" + spec.name()))
                    .findFirst()
                    .orElseThrow();
            Path archive = directory
                    .resolve("cdk.out")
                    .resolve("asset." + function.at("/Code/S3Key").asText());
            try (ZipFile zip = new ZipFile(archive.toFile())) {
                String handler = function.path("Handler").asText().replace('.', '/') + ".class";
                assertThat(zip.getEntry(handler))
                        .as("%s in %s.zip", handler, spec.name())
                        .isNotNull();
            }
        }
    }

    @Test
    void aDeploymentThatCannotBeMadeIsRefusedInWords() throws Exception {
        Run run = run("{\"auth\":\"open\"}");

        assertThat(run.status).isEqualTo(1);
        assertThat(run.errors)
                .contains("auth: must be iam or jwt, was \"open\"")
                .doesNotContain("Exception");
    }

    private record Run(int status, String errors) {}

    private Run run(String context) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("node", "infra/app.mjs").directory(PROJECT);
        builder.environment().put("CDK_OUTDIR", directory.resolve("cdk.out").toString());
        builder.environment().put("CDK_CONTEXT_JSON", context);
        builder.environment().put("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20");
        Process app = builder.start();
        String errors = new String(app.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(app.waitFor(), errors);
    }
}
