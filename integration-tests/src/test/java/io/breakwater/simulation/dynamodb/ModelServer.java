package io.breakwater.simulation.dynamodb;

import io.breakwater.topology.TableSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** The service at the far end of the wire: makes one request at a time, at once and whole. */
final class ModelServer {
    private final InstantSource time;
    private final Tables tables;
    private final Reads reads;
    private final Writes writes;
    private final ReentrantLock oneAtATime = new ReentrantLock();

    ModelServer(InstantSource time, List<TableSpec> specs) {
        HttpAnswers http = new HttpAnswers(time);
        Expressions expressions = new Expressions();
        this.time = time;
        this.tables = new Tables(specs, time);
        this.reads = new Reads(tables, expressions, http);
        this.writes = new Writes(tables, expressions, time, http);
    }

    GetItemResponse get(GetItemRequest request, Duration lag) {
        return atomically(() -> reads.get(request, asOf(lag)));
    }

    QueryResponse query(QueryRequest request, Duration lag) {
        return atomically(() -> reads.query(request, asOf(lag)));
    }

    PutItemResponse put(PutItemRequest request) {
        return atomically(() -> writes.put(request));
    }

    UpdateItemResponse update(UpdateItemRequest request) {
        return atomically(() -> writes.update(request));
    }

    DeleteItemResponse delete(DeleteItemRequest request) {
        return atomically(() -> writes.delete(request));
    }

    int itemBytes(String table, Map<String, AttributeValue> key) {
        return atomically(() -> Values.bytes(tables.named(table).item(key).now()));
    }

    private Optional<Instant> asOf(Duration lag) {
        return lag.isZero() ? Optional.empty() : Optional.of(time.instant().minus(lag));
    }

    private <R> R atomically(Supplier<R> request) {
        oneAtATime.lock();
        try {
            return request.get();
        } catch (Refusal refusal) {
            throw Failures.invalid(refusal, time.instant());
        } finally {
            oneAtATime.unlock();
        }
    }
}
