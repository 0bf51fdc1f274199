package io.breakwater.breaker;

import io.breakwater.simulation.dynamodb.ModelDynamoDb;
import io.breakwater.topology.Topology;
import java.time.Instant;

/** The store as the simulation runs it, held to what it does on a real engine. */
class ModelDynamoDbBreakerStoreIT extends BreakerStoreContract {
    private final BreakerStore store = new DynamoDbBreakerStore(
            new ModelDynamoDb(() -> Instant.parse("2026-03-01T10:00:00Z"), Topology.ENDPOINTS),
            Topology.ENDPOINTS.name());

    @Override
    BreakerStore store() {
        return store;
    }
}
