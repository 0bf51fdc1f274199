package io.breakwater.infra;

import java.util.List;
import java.util.Optional;

/**
 * Where Bedrock's cross-region inference profiles may send a call.
 *
 * @param prefix with which a profile's id begins
 * @param regions those to which a call may go, beside the one it is made in; a model may use fewer of them
 */
record Geography(String prefix, List<String> regions) {
    /**
     * As of 2026-11-26, for models that speak Converse, whichever region they are called in. From the tables of source and
     * destination regions that
     * <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html">AWS's user guide</a> had
     * in December 2025, and has on the models' cards since; Sonnet 4.6's is the same. India from
     * <a href="https://aws.amazon.com/about-aws/whats-new/2026/08/amazon-bedrock-openai-india-v1/">AWS's announcement</a>.
     *
     * <p>AWS says there that the regions of a geography's profile never change, and that new ones come with new profiles. What
     * is missing here, a region or a geography, is told by the context {@code modelArns} until it is added. A region too many
     * grants nothing: a call goes where its profile sends it. {@code us-gov} is not here because GovCloud is a partition of
     * its own, and the stack is made for {@code aws}.
     */
    private static final List<Geography> ALL = List.of(
            new Geography("us.", List.of("us-east-1", "us-east-2", "us-west-2")),
            new Geography(
                    "eu.", List.of("eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3")),
            new Geography(
                    "apac.",
                    List.of(
                            "ap-northeast-1",
                            "ap-northeast-2",
                            "ap-northeast-3",
                            "ap-south-1",
                            "ap-south-2",
                            "ap-southeast-1",
                            "ap-southeast-2",
                            // From Taipei, Malaysia, Thailand and the Emirates.
                            "ap-southeast-3",
                            "ap-southeast-4")),
            new Geography("jp.", List.of("ap-northeast-1", "ap-northeast-3")),
            new Geography("in.", List.of("ap-south-1", "ap-south-2")),
            new Geography("au.", List.of("ap-southeast-2", "ap-southeast-4")),
            new Geography("ca.", List.of("ca-central-1", "ca-west-1")),
            // Any commercial region, for which a policy names the model in no region.
            new Geography("global.", List.of("")));

    /** The geography of the inference profile with this id; empty when it is a model's id. */
    static Optional<Geography> of(String model) {
        return ALL.stream()
                .filter(geography -> model.startsWith(geography.prefix))
                .findFirst();
    }

    /** The id of the model behind the profile. */
    String modelOf(String profile) {
        return profile.substring(prefix.length());
    }
}
