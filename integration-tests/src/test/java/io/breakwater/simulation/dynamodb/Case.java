package io.breakwater.simulation.dynamodb;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.breakwater.topology.Topology;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * One request to an item of a partition of its own.
 *
 * @param item what the item holds before, beside its key; null when there is none
 */
record Case(String name, @Nullable Map<String, AttributeValue> item, Request request) {

    interface Request {
        DynamoDbRequest to(Map<String, AttributeValue> key);
    }

    /** An update that returns the whole item, or what stands in its way. */
    static Case update(
            String name, @Nullable Map<String, AttributeValue> item, Consumer<UpdateItemRequest.Builder> more) {
        return new Case(
                name,
                item,
                key -> UpdateItemRequest.builder()
                        .tableName(Topology.ENDPOINTS.name())
                        .key(key)
                        .returnValues(ReturnValue.ALL_NEW)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                        .applyMutation(more)
                        .build());
    }

    static Case put(
            String name,
            @Nullable Map<String, AttributeValue> item,
            Map<String, AttributeValue> put,
            Consumer<PutItemRequest.Builder> more) {
        return new Case(
                name,
                item,
                key -> PutItemRequest.builder()
                        .tableName(Topology.ENDPOINTS.name())
                        .item(with(key, put))
                        .returnValues(ReturnValue.ALL_OLD)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                        .applyMutation(more)
                        .build());
    }

    static Case query(String name, @Nullable Map<String, AttributeValue> item, Consumer<QueryRequest.Builder> more) {
        return new Case(
                name,
                item,
                _ -> QueryRequest.builder()
                        .tableName(Topology.ENDPOINTS.name())
                        .applyMutation(more)
                        .build());
    }

    Optional<DynamoDbRequest> given(String partition) {
        return Optional.ofNullable(item)
                .map(attributes -> PutItemRequest.builder()
                        .tableName(Topology.ENDPOINTS.name())
                        .item(with(key(partition), attributes))
                        .build());
    }

    DynamoDbRequest request(String partition) {
        return request.to(key(partition));
    }

    private static Map<String, AttributeValue> key(String partition) {
        return Map.of("id", fromS(partition), "part", fromS("state"));
    }

    private static Map<String, AttributeValue> with(
            Map<String, AttributeValue> key, Map<String, AttributeValue> attributes) {
        Map<String, AttributeValue> item = new HashMap<>(key);
        item.putAll(attributes);
        return item;
    }

    @Override
    public String toString() {
        return name;
    }
}
