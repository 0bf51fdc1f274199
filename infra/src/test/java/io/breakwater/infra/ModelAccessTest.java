package io.breakwater.infra;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.model.Endpoint;
import io.breakwater.routing.Chain;
import io.breakwater.routing.Tier;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ModelAccessTest {

    @Test
    void aModelIsNamedInItsRegion() {
        assertThat(arns("us-east-1", "anthropic.claude-haiku"))
                .containsExactly("arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-haiku");
    }

    @Test
    void aProfileIsNamedWithItsModelWhereverItMaySendACall() {
        assertThat(arns("us-west-2", "us.anthropic.claude-sonnet"))
                .containsExactly(
                        "arn:aws:bedrock:us-west-2:111122223333:inference-profile/us.anthropic.claude-sonnet",
                        "arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-sonnet",
                        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet",
                        "arn:aws:bedrock:us-east-2::foundation-model/anthropic.claude-sonnet");
    }

    @Test
    void aProfileIsNamedInTheRegionItIsCalledInToo() {
        assertThat(arns("eu-central-2", "eu.anthropic.claude-sonnet"))
                .contains(
                        "arn:aws:bedrock:eu-central-2:111122223333:inference-profile/eu.anthropic.claude-sonnet",
                        "arn:aws:bedrock:eu-central-2::foundation-model/anthropic.claude-sonnet",
                        "arn:aws:bedrock:eu-west-3::foundation-model/anthropic.claude-sonnet")
                .hasSize(8);
    }

    @Test
    void aRegionThatAwsAddsIsToldUntilItIsKnown() {
        String added = "arn:aws:bedrock:eu-west-9::foundation-model/anthropic.claude-sonnet";

        assertThat(ModelAccess.arns(chain("eu-west-1", "eu.anthropic.claude-sonnet"), "111122223333", List.of(added)))
                .contains("arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-sonnet", added);
    }

    @Test
    void aGlobalProfileNeedsTheModelInNoRegion() {
        assertThat(arns("eu-west-1", "global.anthropic.claude-sonnet"))
                .containsExactly(
                        "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/global.anthropic.claude-sonnet",
                        "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-sonnet",
                        "arn:aws:bedrock:::foundation-model/anthropic.claude-sonnet");
    }

    @Test
    void whatIsBehindAnApplicationProfileMustBeTold() {
        String profile = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abc";

        assertThat(ModelAccess.violations(chain("us-east-1", profile), List.of()))
                .singleElement()
                .satisfies(violation -> assertThat(violation.toString()).contains("modelArns"));
        assertThat(ModelAccess.violations(chain("us-east-1", profile), List.of("arn:aws:bedrock:…")))
                .isEmpty();
    }

    @Test
    void aGeographyThatIsNotKnownIsNotTakenForAModel() {
        assertThat(ModelAccess.violations(chain("xx-east-1", "xx.anthropic.claude-sonnet"), List.of()))
                .singleElement()
                .satisfies(violation -> assertThat(violation.toString()).contains("geography"));
        assertThat(ModelAccess.violations(
                        chain("xx-east-1", "xx.anthropic.claude-sonnet"),
                        List.of("arn:aws:bedrock:xx-east-1::foundation-model/anthropic.claude-sonnet")))
                .isEmpty();
        assertThat(ModelAccess.violations(
                        chain("xx-east-1", "xx.anthropic.claude-sonnet"),
                        List.of("arn:aws:bedrock:xx-east-1::foundation-model/anthropic.claude-haiku")))
                .hasSize(1);
    }

    /** GovCloud's ARNs are of another partition. */
    @Test
    void govCloudIsNotTakenForTheUnitedStates() {
        assertThat(ModelAccess.violations(chain("us-gov-west-1", "us-gov.anthropic.claude-sonnet"), List.of()))
                .singleElement()
                .satisfies(violation -> assertThat(violation.toString()).contains("geography"));
    }

    private static Stream<String> arns(String region, String model) {
        return ModelAccess.arns(chain(region, model), "111122223333", List.of()).stream();
    }

    private static Chain chain(String region, String model) {
        return new Chain(List.of(new Tier("primary", List.of(new Endpoint(region, model, "alias")), 100, false)));
    }
}
