package io.breakwater.job;

import io.breakwater.backend.AwsClients;
import io.breakwater.backend.OnEveryBackend;
import io.breakwater.local.engine.AwsResources;
import io.breakwater.result.S3ResultStore;

@OnEveryBackend
class DynamoDbJobStoreIT extends JobStoreContract {
    private final AwsClients clients;
    private final AwsResources resources;

    DynamoDbJobStoreIT(AwsClients clients, AwsResources resources) {
        this.clients = clients;
        this.resources = resources;
    }

    @Override
    JobStore open(TestClock clock) {
        var prompts = new S3ResultStore(clients.s3(), clients.presigner(), resources.resultsBucket());
        return new DynamoDbJobStore(clients.dynamoDb(), resources.jobsTable(), prompts, clock);
    }
}
