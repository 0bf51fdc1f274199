package io.breakwater.admission;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;

import io.breakwater.topology.DynamoDbKey;
import io.breakwater.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The report as one item of the endpoints table, which the TTL removes some time after it is over. */
public final class DynamoDbBacklogStore implements BacklogStore {
    private static final Map<String, AttributeValue> KEY = DynamoDbKey.endpoint("backlog", "state");
    private static final String WAITED = "waitedMillis";
    private static final String UNTIL = "untilMillis";
    private static final String EXPIRES_AT = Topology.ENDPOINTS.ttlAttribute();

    private final DynamoDbClient client;
    private final String table;

    public DynamoDbBacklogStore(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    /** Not read consistently: half the price, and a second more does not matter to what is seconds old. */
    @Override
    public Optional<BacklogReport> read() {
        Map<String, AttributeValue> item =
                client.getItem(request -> request.tableName(table).key(KEY)).item();
        return item == null || item.isEmpty()
                ? Optional.empty()
                : Optional.of(new BacklogReport(
                        Duration.ofMillis(number(item, WAITED)), Instant.ofEpochMilli(number(item, UNTIL))));
    }

    @Override
    public void write(BacklogReport report) {
        Map<String, AttributeValue> item = new HashMap<>(KEY);
        item.put(WAITED, number(report.waited().toMillis()));
        item.put(UNTIL, number(report.until().toEpochMilli()));
        item.put(EXPIRES_AT, number(report.until().getEpochSecond() + 1));
        client.putItem(request -> request.tableName(table).item(item));
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw new IllegalStateException("the backlog's item lacks " + name + ", it has " + item.keySet());
        }
        return Long.parseLong(value.n());
    }

    private static AttributeValue number(long value) {
        return fromN(Long.toString(value));
    }
}
