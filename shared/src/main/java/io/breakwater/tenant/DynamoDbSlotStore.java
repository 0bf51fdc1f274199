package io.breakwater.tenant;

import io.breakwater.topology.DynamoDbKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * Slots in DynamoDB: one item per tenant in the endpoints table, as large as its slots that are taken. Each step is one
 * conditional write, and a refused one returns the item that stood in its way.
 *
 * <p>The client must not retry (one attempt): a repeated turn in line leaves a gap.
 */
public final class DynamoDbSlotStore implements SlotStore {
    private static final String TENANT = "tenant/";
    private static final String PART = "slots";

    private final DynamoDbClient client;
    private final String table;

    public DynamoDbSlotStore(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public Answer apply(String tenant, SlotStep step) {
        return switch (step) {
            case SlotStep.Take take -> update(tenant, SlotWrite.of(take));
            case SlotStep.Give give -> update(tenant, SlotWrite.of(give));
            case SlotStep.JoinLine join -> joinLine(tenant, join);
        };
    }

    /** Of those who find no line one starts it; the others are then in it, unless its time is over already. */
    private Answer joinLine(String tenant, SlotStep.JoinLine join) {
        Answer answer = update(tenant, SlotWrite.extendLine(join));
        if (!answer.made()) {
            answer = update(tenant, SlotWrite.startLine(join));
        }
        return answer.made() ? answer : update(tenant, SlotWrite.extendLine(join));
    }

    private Answer update(String tenant, SlotWrite write) {
        try {
            UpdateItemResponse response = client.updateItem(request -> {
                request.tableName(table)
                        .key(DynamoDbKey.endpoint(TENANT + tenant, PART))
                        .updateExpression(write.update())
                        .conditionExpression(write.condition())
                        .expressionAttributeValues(write.values())
                        .returnValues(ReturnValue.ALL_NEW)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
                if (!write.names().isEmpty()) {
                    request.expressionAttributeNames(write.names());
                }
            });
            return new Answer(true, slots(response.attributes()));
        } catch (ConditionalCheckFailedException e) {
            return new Answer(false, slots(e.item()));
        }
    }

    private static Slots slots(Map<String, AttributeValue> item) {
        Map<String, Instant> leases = new HashMap<>();
        item.forEach((name, value) -> {
            if (name.startsWith(SlotWrite.SLOT)) {
                leases.put(name.substring(SlotWrite.SLOT.length()), Instant.ofEpochMilli(Long.parseLong(value.n())));
            }
        });
        return new Slots(
                leases,
                Instant.ofEpochMilli(number(item, SlotWrite.LINE_END)),
                Duration.ofMillis(number(item, SlotWrite.TYPICAL_HOLD)));
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? 0 : Long.parseLong(value.n());
    }
}
