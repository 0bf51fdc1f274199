package io.breakwater.job;

import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** Has DynamoDB say what writes cost in each index. */
final class IndexWrites implements ExecutionInterceptor {
    private final Map<String, Double> units = new TreeMap<>();

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        return switch (context.request()) {
            case PutItemRequest put ->
                put.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
                        .build();
            case UpdateItemRequest update ->
                update.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
                        .build();
            default -> context.request();
        };
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        switch (context.response()) {
            case PutItemResponse put -> add(put.consumedCapacity());
            case UpdateItemResponse update -> add(update.consumedCapacity());
            default -> {}
        }
    }

    private void add(ConsumedCapacity capacity) {
        capacity.globalSecondaryIndexes()
                .forEach((index, used) -> units.merge(index, used.capacityUnits(), Double::sum));
    }

    /** Write units by index since the last time that this was asked. */
    Map<String, Double> since() {
        Map<String, Double> since = new TreeMap<>(units);
        since.values().removeIf(used -> used == 0);
        units.clear();
        return since;
    }
}
