package io.breakwater.infra;

import io.breakwater.result.ResultStore;
import io.breakwater.topology.Topology;
import java.util.List;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.sqs.Queue;

/** What each function may do: the requests that its code makes, on what it makes them on, and nothing else. */
final class Permissions {
    private Permissions() {}

    /** Takes jobs and tells of them; shows the endpoints and overrides them. */
    static List<PolicyStatement> request(DataStores stores) {
        PipelineTable jobs = stores.jobs();
        return List.of(
                allow(
                        jobs.arn(),
                        "dynamodb:PutItem",
                        "dynamodb:GetItem",
                        "dynamodb:BatchGetItem",
                        "dynamodb:UpdateItem"),
                allow(jobs.arnOf(Topology.JOBS_BY_TENANT), "dynamodb:Query"),
                allow(stores.endpoints().arn(), "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"),
                allow(stores.queue().jobs().getQueueArn(), "sqs:SendMessage"),
                allow(stores.results().objects(ResultStore.PROMPTS), "s3:PutObject"),
                // In whose name results are presigned.
                allow(stores.results().objects(ResultStore.RESULTS), "s3:GetObject"));
    }

    /**
     * Serves jobs.
     *
     * @param models ARNs of what it may call
     */
    static List<PolicyStatement> worker(DataStores stores, List<String> models) {
        return List.of(
                allow(stores.jobs().arn(), "dynamodb:UpdateItem"),
                allow(stores.endpoints().arn(), "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
                allow(stores.queue().jobs().getQueueArn(), "sqs:SendMessage"),
                allow(stores.results().objects(ResultStore.PROMPTS), "s3:GetObject"),
                allow(stores.results().objects(ResultStore.RESULTS), "s3:PutObject"),
                // What Converse asks for.
                PolicyStatement.Builder.create()
                        .actions(List.of("bedrock:InvokeModel"))
                        .resources(models)
                        .build());
    }

    /** Looks after what waits. */
    static List<PolicyStatement> sweeper(DataStores stores) {
        return List.of(
                allow(stores.jobs().arn(), "dynamodb:GetItem", "dynamodb:UpdateItem"),
                allow(stores.jobs().arnOf(Topology.JOBS_BY_DUE), "dynamodb:Query"),
                allow(stores.queue().jobs().getQueueArn(), "sqs:SendMessage"));
    }

    /** Takes what was delivered in vain. */
    static List<PolicyStatement> deadLetter(DataStores stores) {
        return List.of(
                allow(stores.jobs().arn(), "dynamodb:GetItem", "dynamodb:UpdateItem"),
                allow(stores.queue().jobs().getQueueArn(), "sqs:SendMessage"),
                allow(stores.results().objects(ResultStore.POISON), "s3:PutObject"));
    }

    /** What Lambda does in a function's name to bring it a queue's messages. */
    static PolicyStatement receive(Queue queue) {
        return allow(queue.getQueueArn(), "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes");
    }

    static PolicyStatement allow(String resource, String... actions) {
        return PolicyStatement.Builder.create()
                .actions(List.of(actions))
                .resources(List.of(resource))
                .build();
    }
}
