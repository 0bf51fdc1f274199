package io.breakwater.breaker;

import io.breakwater.local.engine.AwsClients;
import io.breakwater.local.engine.AwsEngines;
import io.breakwater.topology.Topology;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class DynamoDbBreakerStoreIT extends BreakerStoreContract {
    private static AwsEngines engines;
    private static AwsClients clients;

    @BeforeAll
    static void startEngines() {
        engines = AwsEngines.start(Optional.empty());
        engines.createTopology();
        clients = new AwsClients(engines);
    }

    @AfterAll
    static void stopEngines() {
        clients.close();
        engines.close();
    }

    @Override
    BreakerStore store() {
        return new DynamoDbBreakerStore(clients.dynamoDb(), Topology.ENDPOINTS.name());
    }
}
