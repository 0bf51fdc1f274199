package io.breakwater.jmh;

import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** A DynamoDB of an endpoint that never failed: it answers at once, keeps nothing, and counts the requests. */
final class CountingDynamoDb implements DynamoDbClient {
    private final AtomicLong requests = new AtomicLong();

    /** The requests since this was last asked. */
    long takeRequests() {
        return requests.getAndSet(0);
    }

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
        requests.incrementAndGet();
        return GetItemResponse.builder().build();
    }

    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest request) {
        requests.incrementAndGet();
        return UpdateItemResponse.builder().build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
