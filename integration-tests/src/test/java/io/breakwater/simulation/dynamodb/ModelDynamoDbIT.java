package io.breakwater.simulation.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.breakwater.local.engine.AwsClients;
import io.breakwater.local.engine.SharedEngines;
import io.breakwater.topology.Topology;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The model beside DynamoDB Local: the same requests must get the same answers. */
@ExtendWith(SharedEngines.class)
class ModelDynamoDbIT {
    private static final String TABLE = Topology.ENDPOINTS.name();
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.999Z");
    private static final int REQUESTS = 200;

    private final DynamoDbClient model = new ModelDynamoDb(() -> NOW);
    private final DynamoDbClient local;

    ModelDynamoDbIT(AwsClients clients) {
        this.local = clients.dynamoDb();
    }

    /** What a request came to, as far as the two must agree. */
    private record Answer(String outcome, Map<String, AttributeValue> item, List<Map<String, AttributeValue>> items) {
        static Answer item(Map<String, AttributeValue> item) {
            return new Answer("made", item, List.of());
        }
    }

    private static Answer answer(DynamoDbClient client, DynamoDbRequest request) {
        try {
            return switch (request) {
                case GetItemRequest get -> Answer.item(client.getItem(get).item());
                case PutItemRequest put -> Answer.item(client.putItem(put).attributes());
                case DeleteItemRequest delete ->
                    Answer.item(client.deleteItem(delete).attributes());
                case UpdateItemRequest update ->
                    Answer.item(client.updateItem(update).attributes());
                case QueryRequest query -> {
                    QueryResponse response = client.query(query);
                    yield new Answer("made", response.lastEvaluatedKey(), response.items());
                }
                default -> throw new IllegalArgumentException(request.toString());
            };
        } catch (ConditionalCheckFailedException e) {
            return new Answer("condition failed", e.item(), List.of());
        } catch (DynamoDbException e) {
            return new Answer(e.awsErrorDetails().errorCode() + " " + e.statusCode(), Map.of(), List.of());
        }
    }

    private void bothAnswerAlike(String what, DynamoDbRequest request) {
        assertThat(answer(model, request)).as("%s: %s", what, request).isEqualTo(answer(local, request));
    }

    static Stream<Long> seeds() {
        return Stream.iterate(1L, seed -> seed + 1).limit(Integer.getInteger("model.seeds", 20));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anyRequestsGetTheSameAnswers(long seed) {
        RandomRequests requests = new RandomRequests(new Random(seed), TABLE, "random-" + seed);
        for (int i = 0; i < REQUESTS; i++) {
            bothAnswerAlike("seed %d, request %d".formatted(seed, i), requests.next());
        }
    }

    private static UpdateItemRequest update(String id, String expression, Consumer<UpdateItemRequest.Builder> more) {
        return UpdateItemRequest.builder()
                .tableName(TABLE)
                .key(key(id))
                .updateExpression(expression)
                .returnValues(ReturnValue.ALL_NEW)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .applyMutation(more)
                .build();
    }

    private static Map<String, AttributeValue> key(String id) {
        return Map.of("id", fromS(id), "part", fromS("one"));
    }

    static Stream<DynamoDbRequest> telling() {
        String id = "telling";
        Map<String, AttributeValue> one = Map.of(":v", fromN("1"));
        return Stream.of(
                update(id, "REMOVE a", request -> {}),
                update(id, "SET a = a + :v", request -> request.expressionAttributeValues(one)),
                update(
                        id,
                        "SET a = :v",
                        request -> request.expressionAttributeValues(one).conditionExpression("a = :v")),
                update(
                        id,
                        "ADD a :v",
                        request ->
                                request.expressionAttributeValues(one).conditionExpression("b <> :v AND NOT b = :v")),
                update(
                        id,
                        "ADD b :v SET c = if_not_exists(d, :v) - :v",
                        request -> request.expressionAttributeValues(one)),
                update(id, "SET b = a, c = b", request -> {}),
                update(id, "SET a = :v SET b = :v", request -> request.expressionAttributeValues(one)),
                update(id, "SET a = :v ADD a :v", request -> request.expressionAttributeValues(one)),
                update(
                        id,
                        "SET a = :v",
                        request -> request.expressionAttributeValues(one).conditionExpression("((a = :v))")),
                update(
                        id,
                        "SET a = :v",
                        request -> request.expressionAttributeValues(one).conditionExpression("a = a")),
                update(id, "SET a = :v", request -> request.expressionAttributeValues(Map.of())),
                update(id, "SET a = :v", request -> {}),
                update(
                        id,
                        "SET #a = :v REMOVE a",
                        request -> request.expressionAttributeNames(Map.of("#a", "a"))
                                .expressionAttributeValues(one)),
                update(
                        id,
                        "SET a = :v",
                        request -> request.expressionAttributeValues(Map.of(":v", fromN("1"), ":w", fromN("1")))),
                update(id, "SET part = :v", request -> request.expressionAttributeValues(Map.of(":v", fromS("x")))),
                update(id, "SET a = :v", request -> request.expressionAttributeValues(Map.of(":v", fromN("1e3")))),
                update(id, "SET a = :v", request -> request.expressionAttributeValues(Map.of(":v", fromN("-0.0")))),
                update(id, "SET a = :v", request -> request.expressionAttributeValues(Map.of(":v", fromN("seven")))),
                update(
                        id,
                        "SET a = :v",
                        request -> request.expressionAttributeValues(
                                Map.of(":v", fromN("1234567890123456789012345678901234567890")))),
                update("", "SET a = :v", request -> request.expressionAttributeValues(one)),
                update(
                        id,
                        "set a = :v",
                        request -> request.expressionAttributeValues(one)
                                .conditionExpression("not b = :v or b between :v and :v")),
                GetItemRequest.builder()
                        .tableName(TABLE)
                        .key(Map.of("id", fromS(id)))
                        .build(),
                PutItemRequest.builder()
                        .tableName(TABLE)
                        .item(Map.of("id", fromS(id), "a", fromS("x")))
                        .build(),
                GetItemRequest.builder().tableName(TABLE).key(key(id)).build());
    }

    @Test
    void tellingRequestsGetTheSameAnswers() {
        telling().forEach(request -> bothAnswerAlike("telling", request));
    }

    @Test
    void answersCarryTheClocksSecond() {
        assertThat(model.getItem(request -> request.tableName(TABLE).key(key("x")))
                        .sdkHttpResponse()
                        .firstMatchingHeader("Date"))
                .contains("Sun, 01 Mar 2026 10:00:00 GMT");
    }

    @Test
    void aFailedConditionTellsTheItemAndTheTime() {
        model.putItem(request -> request.tableName(TABLE).item(key("x")));

        ConditionalCheckFailedException failure = catchThrowableOfType(
                ConditionalCheckFailedException.class,
                () -> model.updateItem(
                        update("x", "REMOVE a", request -> request.conditionExpression("attribute_exists(a)"))));

        assertThat(failure.item()).isEqualTo(key("x"));
        assertThat(failure.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("Date"))
                .isPresent();
    }

    @Test
    void whatIsNotModelledIsRefused() {
        assertThatThrownBy(() -> model.updateItem(
                        update("x", "REMOVE a", request -> request.conditionExpression("size(a) = b"))))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("size");
        assertThatThrownBy(() -> model.getItem(
                        request -> request.tableName(TABLE).key(key("x")).projectionExpression("a")))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("ProjectionExpression");
        assertThatThrownBy(() -> model.scan(request -> request.tableName(TABLE)))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aTableMayHaveNoSortKey() {
        DynamoDbClient jobs = new ModelDynamoDb(() -> NOW, List.of("id"));
        Map<String, AttributeValue> job = Map.of("id", fromS("x"), "a", fromN("1"));
        jobs.putItem(request -> request.tableName("jobs").item(job));

        assertThat(jobs.getItem(request -> request.tableName("jobs").key(Map.of("id", fromS("x"))))
                        .item())
                .isEqualTo(job);
    }
}
