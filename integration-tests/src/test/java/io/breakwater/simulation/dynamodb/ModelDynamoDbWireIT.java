package io.breakwater.simulation.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromBool;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.breakwater.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** What only the model can do: lose, refuse and age what it carries, by a clock of the test's. */
class ModelDynamoDbWireIT {
    private static final String TABLE = Topology.ENDPOINTS.name();
    private static final Map<String, AttributeValue> KEY = Map.of("id", fromS("model"), "part", fromS("state"));

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T10:00:00.9Z"));
    private final ModelDynamoDb model = new ModelDynamoDb(now::get, Topology.ENDPOINTS);

    @Test
    void aLostRequestIsNotApplied() {
        DynamoDbClient client = model.through(new Wire() {
            @Override
            public <R extends DynamoDbResponse> R carry(DynamoDbRequest request, Supplier<R> apply) {
                throw Failures.connectionLost();
            }
        });

        assertThatThrownBy(() -> count(client)).isInstanceOf(SdkClientException.class);

        assertThat(counted(model)).isZero();
    }

    @Test
    void aLostAnswerIsOfARequestThatWasApplied() {
        DynamoDbClient client = model.through(new Wire() {
            @Override
            public <R extends DynamoDbResponse> R carry(DynamoDbRequest request, Supplier<R> apply) {
                var _ = apply.get();
                throw Failures.timedOut(Duration.ofSeconds(1));
            }
        });

        assertThatThrownBy(() -> count(client)).isInstanceOf(SdkClientException.class);

        assertThat(counted(model)).isEqualTo(1);
    }

    @Test
    void aThrottledRequestSaysWhenItWasRefused() {
        DynamoDbClient client = model.through(new Wire() {
            @Override
            public <R extends DynamoDbResponse> R carry(DynamoDbRequest request, Supplier<R> apply) {
                throw Failures.throttled(now.get());
            }
        });

        assertThat(catchThrowableOfType(ProvisionedThroughputExceededException.class, () -> count(client)))
                .extracting(ModelDynamoDbWireIT::date)
                .isEqualTo("Sun, 01 Mar 2026 10:00:00 GMT");
    }

    @Test
    void anEventuallyConsistentReadSeesTheItemAsItWas() {
        DynamoDbClient client = model.through(new Wire() {
            @Override
            public <R extends DynamoDbResponse> R carry(DynamoDbRequest request, Supplier<R> apply) {
                return apply.get();
            }

            @Override
            public Duration lag(DynamoDbRequest read) {
                return Duration.ofSeconds(3);
            }
        });
        count(client);
        now.updateAndGet(before -> before.plusSeconds(2));
        count(client);
        assertThat(eventuallyCounted(client)).isZero();

        now.updateAndGet(before -> before.plusSeconds(2));

        assertThat(eventuallyCounted(client)).isEqualTo(1);
        assertThat(counted(client)).isEqualTo(2);
        assertThat(eventuallyCounted(model)).isEqualTo(2);
    }

    @Test
    void answersAndRefusalsBearTheServicesTime() {
        UpdateItemResponse answer = count(model);

        assertThat(answer.sdkHttpResponse().firstMatchingHeader("Date")).hasValue("Sun, 01 Mar 2026 10:00:00 GMT");
        assertThat(catchThrowableOfType(
                        ConditionalCheckFailedException.class,
                        () -> model.putItem(
                                put -> put.tableName(TABLE).item(KEY).conditionExpression("attribute_not_exists(id)"))))
                .extracting(ModelDynamoDbWireIT::date)
                .isEqualTo("Sun, 01 Mar 2026 10:00:00 GMT");
    }

    @Test
    void anItemsSizeIsThatOfItsNamesAndValues() {
        model.putItem(put -> put.tableName(TABLE)
                .item(Map.of(
                        "id", fromS("model"),
                        "part", fromS("state"),
                        "ü", fromBool(true),
                        "n", fromN("-12345"),
                        "zero", fromN("0"))));

        assertThat(model.itemBytes(TABLE, KEY)).isEqualTo((2 + 5) + (4 + 5) + (2 + 1) + (1 + 5) + (4 + 1));
    }

    @Test
    void aQueryThatReachedItsLimitSaysWhereItStopped() {
        count(model);

        assertThat(model.query(query -> query.tableName(TABLE)
                                .keyConditionExpression("id = :id AND part <= :part")
                                .expressionAttributeValues(Map.of(":id", fromS("model"), ":part", fromS("state")))
                                .limit(1))
                        .lastEvaluatedKey())
                .isEqualTo(KEY);
    }

    @Test
    void whatTheModelDoesNotKnowItNames() {
        assertThatThrownBy(
                        () -> model.getItem(get -> get.tableName(TABLE).key(KEY).projectionExpression("a")))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("ProjectionExpression");
        assertThatThrownBy(() -> model.updateItem(
                        update -> update.tableName(TABLE).key(KEY).updateExpression("REMOVE a.b")))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("nested");
        assertThatThrownBy(() -> model.putItem(
                        put -> put.tableName(TABLE).item(Map.of("a", AttributeValue.fromSs(List.of("x"))))))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("SS");
    }

    private static String date(DynamoDbException failure) {
        return failure.awsErrorDetails()
                .sdkHttpResponse()
                .firstMatchingHeader("Date")
                .orElseThrow();
    }

    private static UpdateItemResponse count(DynamoDbClient client) {
        return client.updateItem(update -> update.tableName(TABLE)
                .key(KEY)
                .updateExpression("ADD counted :one")
                .expressionAttributeValues(Map.of(":one", fromN("1"))));
    }

    private static int counted(DynamoDbClient client) {
        return read(client, true);
    }

    private static int eventuallyCounted(DynamoDbClient client) {
        return read(client, false);
    }

    private static int read(DynamoDbClient client, boolean consistent) {
        AttributeValue counted = client.getItem(
                        get -> get.tableName(TABLE).key(KEY).consistentRead(consistent))
                .item()
                .get("counted");
        return counted == null ? 0 : Integer.parseInt(counted.n());
    }
}
