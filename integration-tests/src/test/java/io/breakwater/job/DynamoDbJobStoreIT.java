package io.breakwater.job;

import io.breakwater.local.engine.AwsClients;
import io.breakwater.local.engine.SharedEngines;
import io.breakwater.result.S3ResultStore;
import io.breakwater.topology.Topology;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedEngines.class)
class DynamoDbJobStoreIT extends JobStoreContract {
    private final AwsClients clients;

    DynamoDbJobStoreIT(AwsClients clients) {
        this.clients = clients;
    }

    @Override
    JobStore open(TestClock clock) {
        var prompts = new S3ResultStore(clients.s3(), clients.presigner(), Topology.RESULTS_BUCKET);
        return new DynamoDbJobStore(clients.dynamoDb(), Topology.JOBS.name(), prompts, clock);
    }
}
