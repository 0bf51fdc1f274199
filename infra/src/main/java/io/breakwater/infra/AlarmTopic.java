package io.breakwater.infra;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sns.subscriptions.EmailSubscription;
import software.constructs.Construct;

/** Where alarms are told. More subscribers can be added to it. */
final class AlarmTopic extends Construct {
    private final Topic topic;

    AlarmTopic(Construct scope, String id, Optional<String> email) {
        super(scope, id);
        topic = Topic.Builder.create(this, "Topic")
                .displayName("Breakwater")
                .enforceSsl(true)
                .build();
        // A topic with a policy of its own no longer takes what its account's alarms publish.
        topic.addToResourcePolicy(PolicyStatement.Builder.create()
                .principals(List.of(new ServicePrincipal("cloudwatch.amazonaws.com")))
                .actions(List.of("sns:Publish"))
                .resources(List.of(topic.getTopicArn()))
                .conditions(Map.of(
                        "StringEquals",
                        Map.of("aws:SourceAccount", Stack.of(this).getAccount())))
                .build());
        email.map(EmailSubscription::new).ifPresent(topic::addSubscription);
    }

    Topic topic() {
        return topic;
    }
}
