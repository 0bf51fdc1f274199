package io.breakwater.pipeline;

import io.breakwater.backend.RequestCounter;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * Counts what every client of the SDK in this JVM sends, and has DynamoDB say what it charges; the SDK finds it by a
 * resource on the class path.
 */
public final class SentRequests implements ExecutionInterceptor {
    private static final RequestCounter ALL = new RequestCounter();
    private static final DoubleAdder WRITE_UNITS = new DoubleAdder();
    private static final DoubleAdder READ_UNITS = new DoubleAdder();

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        return switch (context.request()) {
            case PutItemRequest put
            when put.returnConsumedCapacity() == null ->
                put.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build();
            case UpdateItemRequest update
            when update.returnConsumedCapacity() == null ->
                update.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build();
            case GetItemRequest get
            when get.returnConsumedCapacity() == null ->
                get.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build();
            default -> context.request();
        };
    }

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        ALL.beforeTransmission(context, attributes);
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        switch (context.response()) {
            case PutItemResponse put -> WRITE_UNITS.add(put.consumedCapacity().capacityUnits());
            case UpdateItemResponse update ->
                WRITE_UNITS.add(update.consumedCapacity().capacityUnits());
            case GetItemResponse get -> READ_UNITS.add(get.consumedCapacity().capacityUnits());
            default -> {}
        }
    }

    /** What was sent so far, by service and operation: {@code DynamoDb.PutItem}. */
    static Map<String, Integer> counts() {
        return ALL.counts();
    }

    /** What DynamoDB charged so far for writes that succeeded, their index entries included. */
    static double writeUnits() {
        return WRITE_UNITS.sum();
    }

    /** And for items that were read. */
    static double readUnits() {
        return READ_UNITS.sum();
    }
}
