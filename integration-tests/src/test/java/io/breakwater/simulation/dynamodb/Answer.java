package io.breakwater.simulation.dynamodb;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * What an engine answered, as far as two engines must agree, which is not by its wording. Where DynamoDB Local is not what
 * AWS documents, the model follows AWS, and this looks away:
 *
 * <ul>
 *   <li>Local returns a number in the text in which it was sent, 007 or 1e2; AWS trims zeros before and behind.
 *   <li>Local leaves a query's LastEvaluatedKey out when the last item that its limit allows is also the last that its
 *       key condition can match; AWS says that a query which reached its limit returns one.
 * </ul>
 */
sealed interface Answer {
    record Made(Map<String, AttributeValue> attributes) implements Answer {}

    record Found(List<Map<String, AttributeValue>> items) implements Answer {}

    record ConditionFailed(Map<String, AttributeValue> item) implements Answer {}

    record Failed(Class<?> type, String code) implements Answer {}

    Answer INVALID = new Failed(DynamoDbException.class, "ValidationException");

    static Answer of(DynamoDbClient client, DynamoDbRequest request) {
        try {
            return switch (request) {
                case GetItemRequest get -> made(client.getItem(get).item());
                case PutItemRequest put -> made(client.putItem(put).attributes());
                case UpdateItemRequest update -> made(client.updateItem(update).attributes());
                case DeleteItemRequest delete -> made(client.deleteItem(delete).attributes());
                case QueryRequest query ->
                    new Found(client.query(query).items().stream()
                            .map(Values::normalised)
                            .toList());
                default -> throw new IllegalArgumentException(request.toString());
            };
        } catch (ConditionalCheckFailedException e) {
            return new ConditionFailed(Values.normalised(e.item()));
        } catch (DynamoDbException e) {
            return new Failed(e.getClass(), e.awsErrorDetails().errorCode());
        }
    }

    private static Answer made(Map<String, AttributeValue> attributes) {
        return new Made(Values.normalised(attributes));
    }
}
