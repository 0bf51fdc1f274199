package io.breakwater.pacing;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;

import io.breakwater.pacing.PaceState.Told;
import io.breakwater.topology.DynamoDbKey;
import io.breakwater.topology.Topology;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * Paces in DynamoDB: one item per endpoint beside its breaker's, so that the breaker's stays small and its epochs its
 * own. Only endpoints that throttled have one.
 *
 * <p>The client must not retry (one attempt): a repeated ADD counts twice.
 */
public final class DynamoDbPaceStore implements PaceStore {
    private static final String EXPIRES_AT = Topology.ENDPOINTS.ttlAttribute();
    private static final String PART = "pace";
    private static final String EPOCH = "epoch";

    private static final String DEMAND = "d";
    private static final String REQUESTS = "r";
    private static final String TOKENS = "t";

    private final DynamoDbClient client;
    private final String table;

    public DynamoDbPaceStore(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    /** An item that has expired may not have been deleted yet. */
    @Override
    public PaceState read(String endpointId, Instant now) {
        Map<String, AttributeValue> item = client.getItem(
                        request -> request.tableName(table).key(key(endpointId)).consistentRead(true))
                .item();
        AttributeValue expiresAt = item.get(EXPIRES_AT);
        return expiresAt != null && Long.parseLong(expiresAt.n()) <= now.getEpochSecond()
                ? PaceState.INITIAL
                : state(item);
    }

    @Override
    public PaceState report(String endpointId, Map<Long, Told> told, List<Long> expired, Instant now) {
        Map<String, AttributeValue> values = new HashMap<>();
        List<String> adds = new ArrayList<>();
        told.forEach((bucket, counts) -> {
            add(adds, values, DEMAND + bucket, counts.demand());
            add(adds, values, REQUESTS + bucket, counts.throttledRequests());
            add(adds, values, TOKENS + bucket, counts.throttledTokens());
        });
        values.put(":expiresAt", number(now.getEpochSecond() + KEPT_SECONDS));
        String removal = String.join(
                ", ",
                expired.stream()
                        .flatMap(bucket -> Stream.of(DEMAND, REQUESTS, TOKENS).map(kind -> kind + bucket))
                        .toList());
        String update = "SET " + EXPIRES_AT + " = :expiresAt"
                + (adds.isEmpty() ? "" : " ADD " + String.join(", ", adds))
                + (removal.isEmpty() ? "" : " REMOVE " + removal);
        return state(client.updateItem(request -> request.tableName(table)
                        .key(key(endpointId))
                        .updateExpression(update)
                        .expressionAttributeValues(values)
                        .returnValues(ReturnValue.ALL_NEW))
                .attributes());
    }

    private static void add(List<String> adds, Map<String, AttributeValue> values, String attribute, int count) {
        if (count != 0) {
            adds.add(attribute + " :" + attribute);
            values.put(":" + attribute, number(count));
        }
    }

    @Override
    public PaceState move(String endpointId, long epoch, Measure measure, Pace pace) {
        try {
            return state(client.updateItem(request -> request.tableName(table)
                            .key(key(endpointId))
                            .updateExpression(
                                    "SET epoch = :next, %1$sPace = :pace, %1$sChangedAt = :changedAt, %1$sCutAt = :cutAt, %1$sCuts = :cuts"
                                            .formatted(prefix(measure)))
                            .conditionExpression(epoch == 0 ? "attribute_not_exists(epoch)" : "epoch = :epoch")
                            .expressionAttributeValues(values(epoch, pace))
                            .returnValues(ReturnValue.ALL_NEW)
                            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                    .attributes());
        } catch (ConditionalCheckFailedException e) {
            return state(e.item());
        }
    }

    private static Map<String, AttributeValue> values(long epoch, Pace pace) {
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":next", number(epoch + 1),
                ":pace", fromN(Double.toString(pace.perMinute())),
                ":changedAt", number(pace.changedAt().toEpochMilli()),
                ":cutAt", number(pace.cutAt().toEpochMilli()),
                ":cuts", number(pace.cuts())));
        if (epoch != 0) {
            values.put(":epoch", number(epoch));
        }
        return values;
    }

    /** The state in an item; one that has expired says nothing, deleted or not, once new buckets replace it. */
    private static PaceState state(Map<String, AttributeValue> item) {
        Map<Measure, Pace> paces = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            String prefix = prefix(measure);
            if (item.containsKey(prefix + "Pace")) {
                paces.put(
                        measure,
                        new Pace(
                                Double.parseDouble(text(item, prefix + "Pace")),
                                time(item, prefix + "ChangedAt"),
                                time(item, prefix + "CutAt"),
                                Integer.parseInt(text(item, prefix + "Cuts"))));
            }
        }
        TreeMap<Long, Told> buckets = new TreeMap<>();
        item.forEach((name, value) -> {
            Told told = told(name, value);
            if (told != null) {
                buckets.merge(Long.valueOf(name.substring(1)), told, Told::plus);
            }
        });
        return new PaceState(item.containsKey(EPOCH) ? Long.parseLong(text(item, EPOCH)) : 0, paces, buckets);
    }

    /** What a bucket's attribute adds; null when it is another. */
    private static @Nullable Told told(String name, AttributeValue value) {
        if (name.length() < 2 || !Character.isDigit(name.charAt(1))) {
            return null;
        }
        int count = Integer.parseInt(value.n());
        return switch (name.substring(0, 1)) {
            case DEMAND -> new Told(count, 0, 0);
            case REQUESTS -> new Told(0, count, 0);
            case TOKENS -> new Told(0, 0, count);
            default -> null;
        };
    }

    private static String prefix(Measure measure) {
        return measure.name().toLowerCase(Locale.ROOT);
    }

    private static Instant time(Map<String, AttributeValue> item, String name) {
        return Instant.ofEpochMilli(Long.parseLong(text(item, name)));
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        return Objects.requireNonNull(item.get(name), name).n();
    }

    private static AttributeValue number(long value) {
        return fromN(Long.toString(value));
    }

    private static Map<String, AttributeValue> key(String endpointId) {
        return DynamoDbKey.endpoint(endpointId, PART);
    }
}
