package io.breakwater.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** cdk-nag's pack AwsSolutions. */
@EnabledIf(value = Node.IS_PRESENT, disabledReason = Node.WHY)
class NagTest {

    static List<Map<String, Object>> deployments() {
        return List.of(
                Map.of(),
                Map.of("ephemeral", "true", "alarmEmail", "someone@example.org"),
                Map.of("auth", "jwt", "jwtIssuer", "https://issuer.example.org", "jwtAudience", "breakwater"));
    }

    @ParameterizedTest
    @MethodSource("deployments")
    void theStackFollowsAwsAdviceOrSaysWhyNot(Map<String, Object> context) {
        JsonNode report = Synthesised.with(context).nagReport();

        assertThat(report).hasSizeGreaterThan(40);
        assertThat(report)
                .allSatisfy(finding -> assertThat(finding.path("compliance").asText())
                        .as(finding.toPrettyString())
                        .isIn("Compliant", "Suppressed"));
        assertThat(report)
                .filteredOn(finding -> finding.path("compliance").asText().equals("Suppressed"))
                .allSatisfy(finding ->
                        assertThat(finding.path("exceptionReason").asText()).hasSizeGreaterThan(20));
    }
}
