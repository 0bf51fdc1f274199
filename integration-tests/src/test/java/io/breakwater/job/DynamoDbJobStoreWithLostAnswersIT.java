package io.breakwater.job;

import io.breakwater.local.engine.AwsClients;
import io.breakwater.local.engine.AwsEngines;
import io.breakwater.local.engine.SharedEngines;
import io.breakwater.result.S3ResultStore;
import io.breakwater.topology.Topology;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every write arrives twice, because the answer to the first was lost; nobody can tell. */
@ExtendWith(SharedEngines.class)
class DynamoDbJobStoreWithLostAnswersIT extends JobStoreContract {
    private final AwsClients clients;

    DynamoDbJobStoreWithLostAnswersIT(AwsEngines engines) {
        clients = new AwsClients(engines, new LostAnswers());
    }

    @Override
    JobStore open(TestClock clock) {
        var prompts = new S3ResultStore(clients.s3(), clients.presigner(), Topology.RESULTS_BUCKET);
        return new DynamoDbJobStore(clients.dynamoDb(), Topology.JOBS.name(), prompts, clock);
    }

    @AfterEach
    void close() {
        clients.close();
    }
}
