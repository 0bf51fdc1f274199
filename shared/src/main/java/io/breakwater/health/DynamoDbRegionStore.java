package io.breakwater.health;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.breakwater.topology.DynamoDbKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** The health of regions in DynamoDB: one item per region in the endpoints table. A refused write returns the winner. */
public final class DynamoDbRegionStore implements RegionStore {
    private static final String PART = "state";
    private static final String EPOCH = "epoch";
    private static final String HEALTH = "health";
    private static final String SINCE = "healthSince";
    private static final String REASON = "reason";

    private final DynamoDbClient client;
    private final String table;

    public DynamoDbRegionStore(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public RegionHealth read(String region) {
        return health(
                region,
                client.getItem(request ->
                                request.tableName(table).key(key(region)).consistentRead(true))
                        .item());
    }

    @Override
    public Answer write(RegionHealth next) {
        boolean first = next.epoch() == 1;
        try {
            client.putItem(request -> request.tableName(table)
                    .item(item(next))
                    .conditionExpression(first ? "attribute_not_exists(epoch)" : "epoch = :epoch")
                    .expressionAttributeValues(first ? null : Map.of(":epoch", number(next.epoch() - 1)))
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return new Answer(true, next);
        } catch (ConditionalCheckFailedException e) {
            return new Answer(false, health(next.region(), e.item()));
        }
    }

    private static Map<String, AttributeValue> item(RegionHealth health) {
        Map<String, AttributeValue> item = new HashMap<>(key(health.region()));
        item.put(EPOCH, number(health.epoch()));
        item.put(HEALTH, fromS(health.state().name()));
        item.put(SINCE, number(health.since().toEpochMilli()));
        item.put(REASON, fromS(health.reason()));
        return item;
    }

    private static RegionHealth health(String region, @Nullable Map<String, AttributeValue> item) {
        return item == null || item.isEmpty()
                ? RegionHealth.initial(region)
                : new RegionHealth(
                        region,
                        RegionHealth.State.valueOf(attribute(item, HEALTH).s()),
                        Instant.ofEpochMilli(
                                Long.parseLong(attribute(item, SINCE).n())),
                        attribute(item, REASON).s(),
                        Long.parseLong(attribute(item, EPOCH).n()));
    }

    private static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw new IllegalStateException("a region's item lacks " + name + ", it has " + item.keySet());
        }
        return value;
    }

    private static Map<String, AttributeValue> key(String region) {
        return DynamoDbKey.endpoint("region/" + region, PART);
    }

    private static AttributeValue number(long value) {
        return fromN(Long.toString(value));
    }
}
