package io.breakwater.breaker;

import io.breakwater.health.DynamoDbRegionStore;
import io.breakwater.model.Endpoint;
import io.breakwater.simulation.Hits;
import io.breakwater.simulation.VirtualTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * One worker's way to the fleet's DynamoDB, on which requests and answers take time and get lost, and the worker may die
 * before a request leaves, after it left and after it was answered.
 */
final class SimulatedStore implements DynamoDbClient {
    /** As the client for this table is configured. */
    private static final long TIMEOUT_MILLIS = 1_000;

    private static final String REGION = "region/";

    private final DynamoDbClient table;
    private final SimulatedWorker worker;
    private final VirtualTime time;
    private final SplittableRandom random;
    private final BreakerInvariants invariants;
    private final RegionInvariants regions;
    private final DynamoDbRegionStore regionsAsStored;
    private final Hits hits;
    private final Weather weather;
    private final Mutation mutation;
    private final Map<String, Endpoint> endpoints;

    SimulatedStore(
            DynamoDbClient table,
            SimulatedWorker worker,
            VirtualTime time,
            SplittableRandom random,
            BreakerInvariants invariants,
            RegionInvariants regions,
            Hits hits,
            Weather weather,
            Mutation mutation,
            Map<String, Endpoint> endpoints) {
        this.table = table;
        this.worker = worker;
        this.time = time;
        this.random = random;
        this.invariants = invariants;
        this.regions = regions;
        this.regionsAsStored = new DynamoDbRegionStore(table, BreakerSimulation.TABLE);
        this.hits = hits;
        this.weather = weather;
        this.mutation = mutation;
        this.endpoints = endpoints;
    }

    /** What may happen to requests now. */
    interface Weather {
        boolean isDown();

        /** Chance of a request to get lost, to be late or to lose its answer, each. */
        double loss();

        /** Chance of the worker to die at a point of a request. */
        double death();
    }

    /** A bug in how requests are made. */
    interface Mutation {
        Mutation NONE = new Mutation() {};

        default UpdateItemRequest update(UpdateItemRequest request) {
            return request;
        }

        default PutItemRequest put(PutItemRequest request) {
            return request;
        }

        default boolean retries() {
            return false;
        }
    }

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
        return carry(region(request.key()).isPresent() ? "region read" : "read", () -> table.getItem(request));
    }

    @Override
    public PutItemResponse putItem(PutItemRequest request) {
        PutItemRequest mutated = mutation.put(request);
        if (request.conditionExpression() == null) {
            return carry("remember", () -> table.putItem(mutated));
        }
        return region(request.item())
                .map(region -> carry("region write", () -> observed(region, () -> table.putItem(mutated))))
                .orElseGet(() -> carry(
                        "move",
                        () -> observed(
                                request.item(), request.expressionAttributeValues(), () -> table.putItem(mutated))));
    }

    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest request) {
        UpdateItemRequest mutated = mutation.update(request);
        String kind = request.updateExpression().contains("rampReserved")
                ? "reserve"
                : request.updateExpression().startsWith("SET epoch")
                        ? "count"
                        : request.updateExpression().contains(":until") ? "grant" : "settle";
        return carry(
                kind,
                () -> observed(request.key(), request.expressionAttributeValues(), () -> table.updateItem(mutated)));
    }

    @Override
    public QueryResponse query(QueryRequest request) {
        return carry("query", () -> table.query(request));
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    private <R> R observed(Map<String, AttributeValue> key, Map<String, AttributeValue> values, Supplier<R> request) {
        String id = Objects.requireNonNull(key.get("id")).s();
        Map<String, AttributeValue> before = item(id);
        R response = request.get();
        Endpoint endpoint = endpoints.get(id);
        if (endpoint != null) {
            Map<String, AttributeValue> after = item(id);
            invariants.stored(endpoint, worker, values, before, after);
            regions.moved(endpoint, BreakerItem.state(before), BreakerItem.state(after));
        }
        return response;
    }

    private <R> R observed(String region, Supplier<R> request) {
        R response = request.get();
        regions.stored(regionsAsStored.read(region));
        return response;
    }

    /** The region whose record this is the key of. */
    private static Optional<String> region(Map<String, AttributeValue> key) {
        String id = Objects.requireNonNull(key.get("id")).s();
        return id.startsWith(REGION) ? Optional.of(id.substring(REGION.length())) : Optional.empty();
    }

    private Map<String, AttributeValue> item(String id) {
        return table.getItem(get -> get.tableName(BreakerSimulation.TABLE)
                        .consistentRead(true)
                        .key(Map.of("id", AttributeValue.fromS(id), "part", AttributeValue.fromS("state"))))
                .item();
    }

    private <R> R carry(String kind, Supplier<R> request) {
        mayDie("before a " + kind);
        double fate = random.nextDouble();
        double loss = weather.loss();
        if (weather.isDown() || fate < loss) {
            hits.hit((weather.isDown() ? "store down at a " : "lost request: ") + kind);
            time.pause(random.nextBoolean() ? 5 : TIMEOUT_MILLIS);
            throw unanswered("the request got lost");
        }
        if (fate < 2 * loss) {
            hits.hit("late request: " + kind);
            time.after(random.nextLong(TIMEOUT_MILLIS / 2, 20 * TIMEOUT_MILLIS), () -> Answer.of(request));
            time.pause(TIMEOUT_MILLIS);
            throw unanswered("the request timed out");
        }
        time.pause(random.nextLong(2, loss > 0 ? 300 : 20));
        Answer<R> answer = Answer.of(request);
        if (answer.refused()) {
            hits.hit("lost race: " + kind);
        }
        mayDie("after a " + kind + " was made");
        if (fate < 3 * loss) {
            hits.hit("lost answer: " + kind);
            time.pause(TIMEOUT_MILLIS);
            if (mutation.retries()) {
                return carry(kind, request);
            }
            throw unanswered("the answer got lost");
        }
        time.pause(random.nextLong(2, loss > 0 ? 600 : 20));
        mayDie("after a " + kind + " was answered");
        return answer.get();
    }

    private SdkClientException unanswered(String why) {
        worker.wasUnanswered();
        return SdkClientException.create(why);
    }

    private void mayDie(String where) {
        if (worker.isDead()) {
            throw new SimulatedWorker.Died();
        }
        if (random.nextDouble() < weather.death()) {
            hits.hit("died " + where);
            worker.die();
            throw new SimulatedWorker.Died();
        }
    }

    /** What the table answered, to be heard later. */
    private record Answer<R>(@Nullable R response, @Nullable RuntimeException refusal) {
        static <R> Answer<R> of(Supplier<R> request) {
            try {
                return new Answer<>(request.get(), null);
            } catch (RuntimeException e) {
                return new Answer<>(null, e);
            }
        }

        boolean refused() {
            return refusal != null;
        }

        R get() {
            if (refusal != null) {
                throw refusal;
            }
            return Objects.requireNonNull(response);
        }
    }
}
