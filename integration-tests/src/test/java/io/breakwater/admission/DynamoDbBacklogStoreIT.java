package io.breakwater.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.backend.AwsClients;
import io.breakwater.backend.OnEveryBackend;
import io.breakwater.local.engine.AwsResources;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@OnEveryBackend
class DynamoDbBacklogStoreIT extends BacklogStoreContract {
    private final AwsClients clients;
    private final AwsResources resources;

    DynamoDbBacklogStoreIT(AwsClients clients, AwsResources resources) {
        this.clients = clients;
        this.resources = resources;
    }

    /** The table is shared, and has room for one report. */
    @BeforeEach
    void clear() {
        clients.dynamoDb()
                .deleteItem(delete -> delete.tableName(resources.endpointsTable())
                        .key(Map.of("id", AttributeValue.fromS("backlog"), "part", AttributeValue.fromS("state"))));
    }

    @Override
    BacklogStore store() {
        return new DynamoDbBacklogStore(clients.dynamoDb(), resources.endpointsTable());
    }

    @Test
    void hasNoReportAtFirst() {
        assertThat(store().read()).isEmpty();
    }
}
