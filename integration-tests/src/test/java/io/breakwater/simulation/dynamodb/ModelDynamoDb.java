package io.breakwater.simulation.dynamodb;

import io.breakwater.topology.TableSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * A client of a DynamoDB that is a model: in memory, without threads, the same for the same requests and clock.
 *
 * <p>It knows items of strings, numbers, booleans and nulls, single-item reads and writes, and queries by key, with the
 * semantics, the refusals and the {@code Date} header of the real service; it throws
 * {@link UnsupportedOperationException}, saying what, for anything else. It differs from the service where that makes no
 * difference to a store with small items: nothing is ever too large, throttled or billed, and TTL deletes nothing.
 *
 * <p>A simulation gives each of its workers a client {@link #through} a {@link Wire} of its own, and looks at the truth
 * through the client that it made.
 */
public final class ModelDynamoDb implements DynamoDbClient {
    private final ModelServer server;
    private final Wire wire;

    /** @param time the service's own clock */
    public ModelDynamoDb(InstantSource time, TableSpec... tables) {
        this(new ModelServer(time, List.of(tables)), Wire.DIRECT);
    }

    private ModelDynamoDb(ModelServer server, Wire wire) {
        this.server = server;
        this.wire = wire;
    }

    /** A further client of the same tables. */
    public ModelDynamoDb through(Wire other) {
        return new ModelDynamoDb(server, other);
    }

    /** The item's size by AWS's rules, as it stands; 0 when there is none. */
    public int itemBytes(String table, Map<String, AttributeValue> key) {
        return server.itemBytes(table, key);
    }

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
        return wire.carry(request, () -> server.get(request, lag(request, request.consistentRead())));
    }

    @Override
    public QueryResponse query(QueryRequest request) {
        return wire.carry(request, () -> server.query(request, lag(request, request.consistentRead())));
    }

    private Duration lag(DynamoDbRequest read, @Nullable Boolean consistent) {
        return Boolean.TRUE.equals(consistent) ? Duration.ZERO : wire.lag(read);
    }

    @Override
    public PutItemResponse putItem(PutItemRequest request) {
        return wire.carry(request, () -> server.put(request));
    }

    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest request) {
        return wire.carry(request, () -> server.update(request));
    }

    @Override
    public DeleteItemResponse deleteItem(DeleteItemRequest request) {
        return wire.carry(request, () -> server.delete(request));
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
