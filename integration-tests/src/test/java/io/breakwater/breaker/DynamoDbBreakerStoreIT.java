package io.breakwater.breaker;

import io.breakwater.backend.AwsClients;
import io.breakwater.backend.Backends;
import io.breakwater.backend.OnEveryBackend;
import io.breakwater.local.engine.AwsStack;
import io.breakwater.topology.Topology;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** With a table of its own, because it lists everything. */
@OnEveryBackend
class DynamoDbBreakerStoreIT extends BreakerStoreContract {
    private static AwsStack stack;
    private static AwsClients clients;

    @BeforeAll
    static void create() {
        stack = Backends.chosen().create(Topology.JOB_VISIBILITY);
        clients = new AwsClients(stack.resources());
    }

    @AfterAll
    static void delete() {
        clients.close();
        stack.close();
    }

    @Override
    BreakerStore store() {
        return new DynamoDbBreakerStore(clients.dynamoDb(), stack.resources().endpointsTable());
    }
}
