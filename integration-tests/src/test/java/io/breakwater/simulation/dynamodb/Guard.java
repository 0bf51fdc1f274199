package io.breakwater.simulation.dynamodb;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * A write's condition with what its expressions refer to.
 *
 * @param showsWhatStands whether a write that is refused by its condition returns the item
 */
record Guard(
        @Nullable String condition,
        @Nullable Map<String, String> names,
        @Nullable Map<String, AttributeValue> values,
        boolean showsWhatStands) {

    static Guard of(PutItemRequest request) {
        return new Guard(
                request.conditionExpression(),
                request.hasExpressionAttributeNames() ? request.expressionAttributeNames() : null,
                request.hasExpressionAttributeValues() ? request.expressionAttributeValues() : null,
                isAllOld(request.returnValuesOnConditionCheckFailure()));
    }

    static Guard of(UpdateItemRequest request) {
        return new Guard(
                request.conditionExpression(),
                request.hasExpressionAttributeNames() ? request.expressionAttributeNames() : null,
                request.hasExpressionAttributeValues() ? request.expressionAttributeValues() : null,
                isAllOld(request.returnValuesOnConditionCheckFailure()));
    }

    static Guard of(DeleteItemRequest request) {
        return new Guard(
                request.conditionExpression(),
                request.hasExpressionAttributeNames() ? request.expressionAttributeNames() : null,
                request.hasExpressionAttributeValues() ? request.expressionAttributeValues() : null,
                isAllOld(request.returnValuesOnConditionCheckFailure()));
    }

    private static boolean isAllOld(@Nullable ReturnValuesOnConditionCheckFailure returned) {
        return returned == ReturnValuesOnConditionCheckFailure.ALL_OLD;
    }
}
