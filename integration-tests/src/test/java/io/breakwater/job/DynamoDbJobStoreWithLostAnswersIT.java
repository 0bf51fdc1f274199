package io.breakwater.job;

import io.breakwater.backend.AwsClients;
import io.breakwater.backend.OnEveryBackend;
import io.breakwater.local.engine.AwsResources;
import io.breakwater.result.S3ResultStore;
import org.junit.jupiter.api.AfterEach;

/** Every write arrives twice, because the answer to the first was lost; nobody can tell. */
@OnEveryBackend
class DynamoDbJobStoreWithLostAnswersIT extends JobStoreContract {
    private final AwsClients clients;
    private final AwsResources resources;

    DynamoDbJobStoreWithLostAnswersIT(AwsResources resources) {
        this.resources = resources;
        clients = new AwsClients(resources, new LostAnswers());
    }

    @Override
    JobStore open(TestClock clock) {
        var prompts = new S3ResultStore(clients.s3(), clients.presigner(), resources.resultsBucket());
        return new DynamoDbJobStore(clients.dynamoDb(), resources.jobsTable(), prompts, clock);
    }

    @AfterEach
    void close() {
        clients.close();
    }
}
