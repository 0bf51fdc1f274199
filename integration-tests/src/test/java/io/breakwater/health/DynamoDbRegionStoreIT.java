package io.breakwater.health;

import io.breakwater.local.engine.AwsClients;
import io.breakwater.local.engine.SharedEngines;
import io.breakwater.topology.Topology;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedEngines.class)
class DynamoDbRegionStoreIT extends RegionStoreContract {
    private final AwsClients clients;

    DynamoDbRegionStoreIT(AwsClients clients) {
        this.clients = clients;
    }

    @Override
    RegionStore store() {
        return new DynamoDbRegionStore(clients.dynamoDb(), Topology.ENDPOINTS.name());
    }
}
