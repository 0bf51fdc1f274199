package io.breakwater.pacing;

import io.breakwater.backend.AwsClients;
import io.breakwater.backend.OnEveryBackend;
import io.breakwater.local.engine.AwsResources;

@OnEveryBackend
class DynamoDbPaceStoreIT extends PaceStoreContract {
    private final AwsClients clients;
    private final AwsResources resources;

    DynamoDbPaceStoreIT(AwsClients clients, AwsResources resources) {
        this.clients = clients;
        this.resources = resources;
    }

    @Override
    PaceStore store() {
        return new DynamoDbPaceStore(clients.dynamoDb(), resources.endpointsTable());
    }
}
