package io.breakwater.backend;

import io.breakwater.local.engine.AwsBackend;
import io.breakwater.local.engine.AwsResources;
import io.breakwater.local.engine.AwsStack;
import io.breakwater.topology.Topology;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Services at one URL, CloudFormation among them, which creates the data half of the deployed stack from the template
 * that CDK makes.
 */
record CloudFormationBackend(URI endpoint) implements AwsBackend {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    @Override
    public AwsStack create(Duration jobVisibility) {
        String name = "breakwater-" + UUID.randomUUID().toString().substring(0, 8);
        try (CloudFormationClient cloudFormation = client()) {
            var stack = new Stack(name, resources(outputs(cloudFormation, name)));
            if (!jobVisibility.equals(Topology.JOB_VISIBILITY)) {
                stack.setJobVisibility(jobVisibility);
            }
            return stack;
        }
    }

    private CloudFormationClient client() {
        return CloudFormationClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(AwsResources.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    private Map<String, String> outputs(CloudFormationClient cloudFormation, String name) {
        try {
            cloudFormation.createStack(
                    create -> create.stackName(name).templateBody(DataHalf.of(SynthesizedTemplate.text())));
        } catch (SdkException e) {
            throw new IllegalStateException(
                    "no CloudFormation could be told to create a stack at " + endpoint + ": " + e.getMessage(), e);
        }
        try (var waiter = cloudFormation.waiter()) {
            waiter.waitUntilStackCreateComplete(
                    describe -> describe.stackName(name),
                    override -> override.backoffStrategyV2(BackoffStrategy.fixedDelayWithoutJitter(BETWEEN_LOOKS))
                            .maxAttempts((int) PATIENCE.dividedBy(BETWEEN_LOOKS)));
        } catch (SdkException e) {
            throw new IllegalStateException(
                    "stack %s was not created at %s: %s".formatted(name, endpoint, failures(cloudFormation, name)), e);
        }
        return cloudFormation.describeStacks(describe -> describe.stackName(name)).stacks().stream()
                .flatMap(stack -> stack.outputs().stream())
                .collect(Collectors.toMap(Output::outputKey, Output::outputValue));
    }

    private static String failures(CloudFormationClient cloudFormation, String name) {
        return cloudFormation.describeStackEvents(describe -> describe.stackName(name)).stackEvents().stream()
                .filter(event -> event.resourceStatusAsString().endsWith("_FAILED"))
                .map(StackEvent::resourceStatusReason)
                .collect(Collectors.joining("; "));
    }

    private AwsResources resources(Map<String, String> outputs) {
        return new AwsResources(
                endpoint,
                endpoint,
                endpoint,
                output(outputs, "JobsTable"),
                output(outputs, "EndpointsTable"),
                output(outputs, "ResultsBucket"),
                output(outputs, "JobQueueUrl"),
                output(outputs, "DeadLetterQueueUrl"));
    }

    private static String output(Map<String, String> outputs, String name) {
        return Objects.requireNonNull(
                outputs.get(name), () -> "the template has no output " + name + ", but " + outputs.keySet());
    }

    private final class Stack implements AwsStack {
        private final String name;
        private final AwsResources resources;

        private Stack(String name, AwsResources resources) {
            this.name = name;
            this.resources = resources;
        }

        @Override
        public AwsResources resources() {
            return resources;
        }

        private void setJobVisibility(Duration visibility) {
            try (var clients = new AwsClients(resources)) {
                clients.sqs()
                        .setQueueAttributes(set -> set.queueUrl(resources.jobQueueUrl())
                                .attributes(Map.of(
                                        QueueAttributeName.VISIBILITY_TIMEOUT, Long.toString(visibility.toSeconds()))));
            }
        }

        @Override
        public void close() {
            emptyBucket();
            try (CloudFormationClient cloudFormation = client()) {
                cloudFormation.deleteStack(delete -> delete.stackName(name));
            }
        }

        /** CloudFormation deletes no bucket with something in it. */
        private void emptyBucket() {
            String bucket = resources.resultsBucket();
            try (var clients = new AwsClients(resources)) {
                clients.s3().listObjectsV2Paginator(list -> list.bucket(bucket)).stream()
                        .map(page -> page.contents().stream()
                                .map(object -> ObjectIdentifier.builder()
                                        .key(object.key())
                                        .build())
                                .toList())
                        .filter(objects -> !objects.isEmpty())
                        .forEach(objects -> clients.s3()
                                .deleteObjects(
                                        delete -> delete.bucket(bucket).delete(these -> these.objects(objects))));
            }
        }
    }
}
