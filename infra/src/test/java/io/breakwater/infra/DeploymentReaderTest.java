package io.breakwater.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@EnabledIf(value = Node.IS_PRESENT, disabledReason = Node.WHY)
class DeploymentReaderTest {

    @Test
    void everyViolationIsNamedAtOnce() {
        assertThatThrownBy(() -> DeploymentReader.read(Map.of(
                        "acount", "1",
                        "account", "12",
                        "auth", "none",
                        "alarmEmail", "nobody",
                        "workers", "1",
                        "retentionDays", "3",
                        "logRetentionDays", "2",
                        "ephemeral", "yes")))
                .isInstanceOf(InvalidDeploymentException.class)
                .hasMessageContaining("acount")
                .hasMessageContaining("did you mean \"account\"")
                .hasMessageContaining("account: must be an AWS account's number of 12 digits, was \"12\"")
                .hasMessageContaining("region: must be given with the other")
                .hasMessageContaining("auth: must be iam or jwt, was \"none\"; there is no open API")
                .hasMessageContaining("alarmEmail: must be an e-mail address")
                .hasMessageContaining("workers: must be a whole number from 2 to 1000")
                .hasMessageContaining("retentionDays: must be a whole number from")
                .hasMessageContaining("logRetentionDays: must be one of")
                .hasMessageContaining("ephemeral: must be true or false");
    }

    @Test
    void tokensNeedAnIssuerAndAnAudience() {
        assertThatThrownBy(() -> DeploymentReader.read(Map.of("auth", "jwt")))
                .hasMessageContaining("jwtIssuer: is required with auth=jwt")
                .hasMessageContaining("jwtAudience: is required with auth=jwt");
        assertThatThrownBy(() -> DeploymentReader.read(Map.of("jwtIssuer", "https://issuer.example.org")))
                .hasMessageContaining("jwtIssuer: is for auth=jwt only");
    }

    @Test
    void whatIsCdksOwnIsPassedBy() {
        assertThat(DeploymentReader.read(Map.of("aws:cdk:version-reporting", true, "@aws-cdk/core:newStyle", true)))
                .isEqualTo(Deployment.defaults());
    }

    @Test
    void aConfigurationThatIsWrongIsToldAsTheFunctionsWould(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("chain.yaml"), "tiers: []");

        assertThatThrownBy(() -> DeploymentReader.read(Map.of("config", file.toString())))
                .hasMessageContaining("config: ")
                .hasMessageContaining("chain.yaml");
        assertThatThrownBy(() -> DeploymentReader.read(Map.of("config", "no-such-file.yaml")))
                .hasMessageContaining("no-such-file.yaml");
    }

    @Test
    void aConfigurationOfOnesOwnIsShippedBesideTheFunctions(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("chain.yaml"), """
            tiers:
              - name: primary
                maxTokens: 1000
                endpoints: [ { region: eu-central-1, model: eu.anthropic.claude-sonnet-4-6 } ]
            """);

        Synthesised stack = Synthesised.with(Map.of("config", file.toString()));

        assertThat(stack.resources("AWS::Lambda::LayerVersion")).hasSize(1);
        assertThat(stack.resources("AWS::Lambda::Function").values()).allSatisfy(function -> {
            assertThat(function.at("/Environment/Variables/BREAKWATER_CONFIG").asText())
                    .isEqualTo("/opt/breakwater.yaml");
            assertThat(function.path("Layers")).hasSize(1);
        });
        assertThat(stack.resource("AWS::IAM::Policy", "Worker").toString())
                .contains("arn:aws:bedrock:eu-north-1::foundation-model/anthropic.claude-sonnet-4-6")
                .doesNotContain("us-east-1");
    }
}
