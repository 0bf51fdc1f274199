package io.breakwater.breaker;

import io.breakwater.simulation.dynamodb.ModelDynamoDb;
import io.breakwater.topology.Topology;
import java.time.InstantSource;

class ModelDynamoDbBreakerStoreIT extends BreakerStoreContract {
    private static final ModelDynamoDb DYNAMO_DB = new ModelDynamoDb(InstantSource.system());

    @Override
    BreakerStore store() {
        return new DynamoDbBreakerStore(DYNAMO_DB, Topology.ENDPOINTS.name());
    }
}
