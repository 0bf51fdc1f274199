package io.breakwater.health;

import io.breakwater.backend.AwsClients;
import io.breakwater.backend.OnEveryBackend;
import io.breakwater.local.engine.AwsResources;

@OnEveryBackend
class DynamoDbRegionStoreIT extends RegionStoreContract {
    private final AwsClients clients;
    private final AwsResources resources;

    DynamoDbRegionStoreIT(AwsClients clients, AwsResources resources) {
        this.clients = clients;
        this.resources = resources;
    }

    @Override
    RegionStore store() {
        return new DynamoDbRegionStore(clients.dynamoDb(), resources.endpointsTable());
    }
}
