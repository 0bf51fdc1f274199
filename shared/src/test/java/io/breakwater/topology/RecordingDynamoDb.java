package io.breakwater.topology;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;

/** Keeps what it is asked and finds nothing: for tests of what a store asks. */
public final class RecordingDynamoDb implements DynamoDbClient {
    private final List<PutItemRequest> puts = new ArrayList<>();
    private final List<GetItemRequest> gets = new ArrayList<>();

    public List<PutItemRequest> puts() {
        return puts;
    }

    public List<GetItemRequest> gets() {
        return gets;
    }

    @Override
    public PutItemResponse putItem(PutItemRequest request) {
        puts.add(request);
        return PutItemResponse.builder().build();
    }

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
        gets.add(request);
        return GetItemResponse.builder().build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
