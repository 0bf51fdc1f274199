package io.breakwater.simulation.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.breakwater.backend.AwsClients;
import io.breakwater.backend.SharedStack;
import io.breakwater.topology.Topology;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The model beside DynamoDB Local: to the same requests, the same answers. */
@ExtendWith(SharedStack.class)
class ModelDynamoDbIT {
    private static final AtomicLong PARTITIONS = new AtomicLong();

    private final DynamoDbClient model = new ModelDynamoDb(() -> Instant.EPOCH, Topology.ENDPOINTS);
    private final DynamoDbClient local;
    private final String partition = "model-" + PARTITIONS.incrementAndGet();

    ModelDynamoDbIT(AwsClients clients) {
        local = clients.dynamoDb();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.breakwater.simulation.dynamodb.Cases#accepted")
    void acceptsWhatDynamoDbAccepts(Case example) {
        assertThat(answer(example)).isNotEqualTo(Answer.INVALID).isNotInstanceOf(Answer.ConditionFailed.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.breakwater.simulation.dynamodb.Cases#conditionsThatFail")
    void failsTheConditionsThatDynamoDbFails(Case example) {
        assertThat(answer(example)).isInstanceOf(Answer.ConditionFailed.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.breakwater.simulation.dynamodb.Cases#invalid")
    void refusesWhatDynamoDbRefuses(Case example) {
        assertThat(answer(example)).isEqualTo(Answer.INVALID);
    }

    private Answer answer(Case example) {
        example.given(partition).ifPresent(this::sameAnswer);
        Answer answer = sameAnswer(example.request(partition));
        sameItems();
        return answer;
    }

    @RepeatedTest(12)
    void answersRandomRequestsAsDynamoDbDoes(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        RandomRequests requests = new RandomRequests(new Random(seed), partition);
        for (int i = 0; i < 150; i++) {
            DynamoDbRequest request = requests.next();
            assertThat(Answer.of(model, request))
                    .as("seed %d, request %d: %s", seed, i, request)
                    .isEqualTo(Answer.of(local, request));
        }
        sameItems();
    }

    @Test
    void refusesTheWordsThatAwsReservesOfWhichDynamoDbLocalLacksSome() {
        assertThat(ReservedWords.ALL)
                .hasSize(573)
                .allSatisfy(word -> assertThat(Answer.of(model, removal(word))).isEqualTo(Answer.INVALID))
                .filteredOn(word -> !Answer.of(local, removal(word)).equals(Answer.INVALID))
                .containsExactlyInAnyOrder("CONVERT", "SIZE");
    }

    private UpdateItemRequest removal(String attribute) {
        return UpdateItemRequest.builder()
                .tableName(Topology.ENDPOINTS.name())
                .key(Map.of("id", fromS(partition), "part", fromS("state")))
                .updateExpression("REMOVE " + attribute)
                .build();
    }

    private Answer sameAnswer(DynamoDbRequest request) {
        Answer answer = Answer.of(model, request);
        assertThat(answer).as("%s", request).isEqualTo(Answer.of(local, request));
        return answer;
    }

    private void sameItems() {
        sameAnswer(QueryRequest.builder()
                .tableName(Topology.ENDPOINTS.name())
                .keyConditionExpression("id = :id")
                .expressionAttributeValues(Map.of(":id", fromS(partition)))
                .consistentRead(true)
                .build());
    }
}
