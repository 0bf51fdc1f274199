package io.breakwater.topology;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The keys of items, as DynamoDB takes them. */
public final class DynamoDbKey {

    private DynamoDbKey() {}

    /** An item of the endpoints table. */
    public static Map<String, AttributeValue> endpoint(String partition, String sort) {
        TableSpec table = Topology.ENDPOINTS;
        return Map.of(table.partitionKey(), fromS(partition), table.sortKey().orElseThrow(), fromS(sort));
    }
}
