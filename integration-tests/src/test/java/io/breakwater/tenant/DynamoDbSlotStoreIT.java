package io.breakwater.tenant;

import io.breakwater.backend.AwsClients;
import io.breakwater.backend.OnEveryBackend;
import io.breakwater.local.engine.AwsResources;

@OnEveryBackend
class DynamoDbSlotStoreIT extends SlotStoreContract {
    private final AwsClients clients;
    private final AwsResources resources;

    DynamoDbSlotStoreIT(AwsClients clients, AwsResources resources) {
        this.clients = clients;
        this.resources = resources;
    }

    @Override
    SlotStore store() {
        return new DynamoDbSlotStore(clients.dynamoDb(), resources.endpointsTable());
    }
}
