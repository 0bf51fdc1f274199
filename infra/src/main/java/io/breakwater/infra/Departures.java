package io.breakwater.infra;

import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import io.github.cdklabs.cdknag.RegexAppliesTo;
import java.util.List;
import software.constructs.IConstruct;

/** Where the stack departs from AWS's advice, each with its reason. They are in the template, as metadata. */
final class Departures {
    private static final String WILDCARDS = "AwsSolutions-IAM5";

    private Departures() {}

    /** A rule that the construct itself does not keep. */
    static void from(String rule, IConstruct construct, String reason) {
        NagSuppressions.addResourceSuppressions(
                construct,
                List.of(NagPackSuppression.builder().id(rule).reason(reason).build()),
                true);
    }

    /**
     * A policy in or below the construct that names resources by a pattern.
     *
     * @param resources a regular expression, in JavaScript's notation, for those that are meant
     */
    static void fromExactResources(IConstruct construct, String resources, String reason) {
        NagSuppressions.addResourceSuppressions(
                construct,
                List.of(NagPackSuppression.builder()
                        .id(WILDCARDS)
                        .reason(reason)
                        .appliesTo(List.of(RegexAppliesTo.builder()
                                .regex("/^Resource::" + resources + "$/")
                                .build()))
                        .build()),
                true);
    }
}
