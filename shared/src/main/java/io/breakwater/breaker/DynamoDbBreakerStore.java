package io.breakwater.breaker;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.breakwater.json.Json;
import io.breakwater.topology.DynamoDbKey;
import io.breakwater.topology.Topology;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * The fleet's breakers in DynamoDB: one item per endpoint, its history in items beside it.
 *
 * <p>Each {@link Step} is one conditional write. An epoch names exactly one state, so a condition on the epoch is a
 * condition on everything that only a transition changes. What changes within an epoch, the counts and the slots, are
 * attributes of their own, moved by ADD or by a condition on the one slot. A refused write returns the item that stood
 * in its way, so no read follows it.
 *
 * <p>The client must not retry (one attempt): a repeated ADD counts twice.
 */
public final class DynamoDbBreakerStore implements BreakerStore {
    private static final Duration HISTORY_LIFE = Duration.ofDays(30);
    private static final String PARTITION_KEY = Topology.ENDPOINTS.partitionKey();
    private static final String SORT_KEY = Topology.ENDPOINTS.sortKey().orElseThrow();
    private static final String STATE = "state";
    private static final String HISTORY = "history#";
    private static final String TRANSITION = "transition";

    private final DynamoDbClient client;
    private final String table;

    public DynamoDbBreakerStore(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public Answer read(String endpointId) {
        GetItemResponse response = client.getItem(request -> request.tableName(table)
                .key(DynamoDbKey.endpoint(endpointId, STATE))
                .consistentRead(true));
        return new Answer(true, BreakerItem.state(response.item()), time(response.sdkHttpResponse()));
    }

    @Override
    public Answer apply(String endpointId, Step step) {
        return switch (step) {
            case Step.Count count -> update(endpointId, BreakerWrite.of(count));
            case Step.Reserve reserve -> update(endpointId, BreakerWrite.of(reserve));
            case Step.GrantSlot grant -> update(endpointId, BreakerWrite.of(grant));
            case Step.SettleSlot settle -> update(endpointId, BreakerWrite.of(settle));
            case Step.MoveTo move -> put(endpointId, move);
        };
    }

    private Answer update(String endpointId, BreakerWrite write) {
        return orWhatStands(() -> {
            UpdateItemResponse response = client.updateItem(request -> request.tableName(table)
                    .key(DynamoDbKey.endpoint(endpointId, STATE))
                    .updateExpression(write.update())
                    .conditionExpression(write.condition())
                    .expressionAttributeValues(write.values())
                    .returnValues(ReturnValue.ALL_NEW)
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return new Answer(true, BreakerItem.state(response.attributes()), time(response.sdkHttpResponse()));
        });
    }

    private Answer put(String endpointId, Step.MoveTo move) {
        Map<String, AttributeValue> item = new HashMap<>(BreakerItem.attributes(move.next()));
        item.putAll(DynamoDbKey.endpoint(endpointId, STATE));
        return orWhatStands(() -> {
            PutItemResponse response = client.putItem(request -> request.tableName(table)
                    .item(item)
                    .conditionExpression(BreakerWrite.epochStands(move.epoch()))
                    .expressionAttributeValues(Map.of(":epoch", BreakerItem.number(move.epoch())))
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return new Answer(true, move.next(), time(response.sdkHttpResponse()));
        });
    }

    private static Answer orWhatStands(Supplier<Answer> write) {
        try {
            return write.get();
        } catch (ConditionalCheckFailedException e) {
            SdkHttpResponse http =
                    e.awsErrorDetails() == null ? null : e.awsErrorDetails().sdkHttpResponse();
            return new Answer(false, BreakerItem.state(e.item()), time(http));
        }
    }

    /** The header {@code Date} (RFC 9110, 6.6.1) has whole seconds. */
    private static Optional<StoreTime> time(@Nullable SdkHttpResponse http) {
        try {
            return Optional.ofNullable(http)
                    .flatMap(response -> response.firstMatchingHeader("Date"))
                    .map(date -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)))
                    .map(second -> new StoreTime(second, second.plusMillis(999)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The history is a ring: a transition takes the place of the one {@link #HISTORY_KEPT} epochs before it. */
    @Override
    public void remember(String endpointId, Transition transition) {
        String place = HISTORY + "%02d".formatted(transition.epoch() % HISTORY_KEPT);
        Map<String, AttributeValue> item = new HashMap<>(DynamoDbKey.endpoint(endpointId, place));
        item.put(TRANSITION, fromS(Json.write(transition)));
        item.put(
                Topology.ENDPOINTS.ttlAttribute(),
                BreakerItem.number(transition.at().plus(HISTORY_LIFE).getEpochSecond()));
        client.putItem(request -> request.tableName(table).item(item));
    }

    @Override
    public List<Transition> history(String endpointId, int limit) {
        return client
                .query(request -> request.tableName(table)
                        .keyConditionExpression(
                                "%s = :id AND begins_with(%s, :history)".formatted(PARTITION_KEY, SORT_KEY))
                        .expressionAttributeValues(Map.of(":id", fromS(endpointId), ":history", fromS(HISTORY))))
                .items()
                .stream()
                .map(item ->
                        Json.read(Objects.requireNonNull(item.get(TRANSITION)).s(), Transition.class))
                .sorted(Comparator.comparingLong(Transition::epoch).reversed())
                .limit(limit)
                .toList();
    }
}
