package io.breakwater.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.health.RegionHealth.State;
import io.breakwater.topology.RecordingDynamoDb;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** Pins the requests as DynamoDB gets them: a change here is a change of what is stored. */
class DynamoDbRegionStoreTest {
    private static final Instant SINCE = Instant.ofEpochMilli(1_772_359_200_123L);

    private final RecordingDynamoDb client = new RecordingDynamoDb();
    private final RegionStore store = new DynamoDbRegionStore(client, "endpoints");

    @Test
    void aTransitionIsWrittenIfTheEpochBeforeItStands() {
        store.write(unhealthy(7));

        PutItemRequest put = client.puts().getFirst();
        assertThat(put.conditionExpression()).isEqualTo("epoch = :epoch");
        assertThat(put.expressionAttributeValues()).isEqualTo(Map.of(":epoch", AttributeValue.fromN("6")));
        assertThat(put.returnValuesOnConditionCheckFailure()).isEqualTo(ReturnValuesOnConditionCheckFailure.ALL_OLD);
        assertThat(put.item())
                .isEqualTo(Map.of(
                        "id", AttributeValue.fromS("region/us-east-1"),
                        "part", AttributeValue.fromS("state"),
                        "epoch", AttributeValue.fromN("7"),
                        "health", AttributeValue.fromS("UNHEALTHY"),
                        "healthSince", AttributeValue.fromN("1772359200123"),
                        "reason", AttributeValue.fromS("two fail")));
    }

    @Test
    void theFirstTransitionIsWrittenIfNothingWasBefore() {
        store.write(unhealthy(1));

        assertThat(client.puts().getFirst().conditionExpression()).isEqualTo("attribute_not_exists(epoch)");
        assertThat(client.puts().getFirst().hasExpressionAttributeValues()).isFalse();
    }

    @Test
    void readsConsistently() {
        store.read("us-east-1");

        assertThat(client.gets().getFirst().consistentRead()).isTrue();
    }

    private static RegionHealth unhealthy(long epoch) {
        return new RegionHealth("us-east-1", State.UNHEALTHY, SINCE, "two fail", epoch);
    }
}
