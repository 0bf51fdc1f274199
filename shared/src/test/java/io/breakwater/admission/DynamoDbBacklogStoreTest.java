package io.breakwater.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.topology.RecordingDynamoDb;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/** Pins the requests as DynamoDB gets them: a change here is a change of what is stored. */
class DynamoDbBacklogStoreTest {
    private final RecordingDynamoDb client = new RecordingDynamoDb();
    private final BacklogStore store = new DynamoDbBacklogStore(client, "endpoints");

    @Test
    void aReportIsOneItemThatExpires() {
        store.write(new BacklogReport(Duration.ofSeconds(75), Instant.ofEpochMilli(1_772_359_200_123L)));

        PutItemRequest put = client.puts().getFirst();
        assertThat(put.conditionExpression()).isNull();
        assertThat(put.item())
                .isEqualTo(Map.of(
                        "id", AttributeValue.fromS("backlog"),
                        "part", AttributeValue.fromS("state"),
                        "waitedMillis", AttributeValue.fromN("75000"),
                        "untilMillis", AttributeValue.fromN("1772359200123"),
                        "expiresAt", AttributeValue.fromN("1772359201")));
    }

    @Test
    void isReadAtHalfThePriceOfAConsistentRead() {
        assertThat(store.read()).isEmpty();

        assertThat(client.gets().getFirst().consistentRead()).isNull();
    }
}
