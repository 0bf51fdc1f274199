package io.breakwater.simulation.dynamodb;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;

/** Refuses requests that say more than the model understands. */
final class SupportedFields {
    static final Set<String> GET = Set.of("TableName", "Key", "ConsistentRead");
    static final Set<String> PUT = Set.of(
            "TableName",
            "Item",
            "ConditionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "ReturnValues",
            "ReturnValuesOnConditionCheckFailure");
    static final Set<String> UPDATE = Set.of(
            "TableName",
            "Key",
            "UpdateExpression",
            "ConditionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "ReturnValues",
            "ReturnValuesOnConditionCheckFailure");
    static final Set<String> DELETE = Set.of(
            "TableName",
            "Key",
            "ConditionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "ReturnValues",
            "ReturnValuesOnConditionCheckFailure");
    static final Set<String> QUERY = Set.of(
            "TableName",
            "KeyConditionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "ScanIndexForward",
            "Limit",
            "ConsistentRead");

    private SupportedFields() {}

    static void check(DynamoDbRequest request, Set<String> supported) {
        for (SdkField<?> field : request.sdkFields()) {
            if (!supported.contains(field.memberName()) && isGiven(field.getValueOrDefault(request))) {
                throw new UnsupportedOperationException("the model knows no %s in %s"
                        .formatted(field.memberName(), request.getClass().getSimpleName()));
            }
        }
    }

    private static boolean isGiven(@Nullable Object value) {
        return value != null && !(value instanceof SdkAutoConstructList) && !(value instanceof SdkAutoConstructMap);
    }
}
