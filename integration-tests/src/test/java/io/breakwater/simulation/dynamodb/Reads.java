package io.breakwater.simulation.dynamodb;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Reads of one item and of a partition, as of now or, when eventually consistent, as of a while ago. */
final class Reads {
    private final Tables tables;
    private final Expressions expressions;
    private final HttpAnswers http;

    Reads(Tables tables, Expressions expressions, HttpAnswers http) {
        this.tables = tables;
        this.expressions = expressions;
        this.http = http;
    }

    /** @param asOf when the read is not to see the newest version */
    GetItemResponse get(GetItemRequest request, Optional<Instant> asOf) {
        SupportedFields.check(request, SupportedFields.GET);
        Map<String, AttributeValue> item =
                version(tables.named(request.tableName()).item(request.key()), asOf);
        GetItemResponse.Builder answer = GetItemResponse.builder();
        if (!item.isEmpty()) {
            answer.item(item);
        }
        answer.sdkHttpResponse(http.ok());
        return answer.build();
    }

    /** @param asOf when the read is not to see the newest versions */
    QueryResponse query(QueryRequest request, Optional<Instant> asOf) {
        SupportedFields.check(request, SupportedFields.QUERY);
        ModelTable table = tables.named(request.tableName());
        if (request.keyConditionExpression() == null) {
            throw new Refusal("Either the KeyConditions or KeyConditionExpression parameter must be specified");
        }
        if (request.limit() != null && request.limit() < 1) {
            throw new Refusal("Limit must be greater than or equal to 1");
        }
        Parsed<KeyCondition> condition = expressions.keyCondition(
                table.schema(), request.keyConditionExpression(), request.expressionAttributeNames());
        Bindings bindings = Bindings.of(
                List.of(condition),
                request.hasExpressionAttributeNames() ? request.expressionAttributeNames() : null,
                request.hasExpressionAttributeValues() ? request.expressionAttributeValues() : null);
        return answer(request.limit(), table.schema(), found(request, table, condition.tree(), bindings, asOf));
    }

    private Stream<Map<String, AttributeValue>> found(
            QueryRequest request, ModelTable table, KeyCondition condition, Bindings bindings, Optional<Instant> asOf) {
        condition.sort().ifPresent(new OperandTypes(bindings)::check);
        bindings.values().values().forEach(Reads::requireKeyValue);
        boolean forward = request.scanIndexForward() == null || request.scanIndexForward();
        return table.partition(bindings.get(condition.partition()).s(), forward)
                .map(item -> version(item, asOf))
                .filter(item -> !item.isEmpty())
                .filter(item -> condition
                        .sort()
                        .filter(sort -> !new ConditionEvaluator(item, bindings).holds(sort))
                        .isEmpty());
    }

    private QueryResponse answer(@Nullable Integer limit, KeySchema schema, Stream<Map<String, AttributeValue>> found) {
        List<Map<String, AttributeValue>> items =
                found.limit(limit == null ? Long.MAX_VALUE : limit).toList();
        QueryResponse.Builder answer =
                QueryResponse.builder().items(items).count(items.size()).scannedCount(items.size());
        if (limit != null && items.size() == limit) {
            answer.lastEvaluatedKey(schema.keyOnly(items.getLast()));
        }
        answer.sdkHttpResponse(http.ok());
        return answer.build();
    }

    private static void requireKeyValue(AttributeValue value) {
        if (value.type() != AttributeValue.Type.S) {
            throw new Refusal("One or more parameter values were invalid: "
                    + "Condition parameter type does not match schema type");
        }
        if (value.s().isEmpty()) {
            throw new Refusal("One or more parameter values are not valid. "
                    + "The AttributeValue for a key attribute cannot contain an empty string value");
        }
    }

    private static Map<String, AttributeValue> version(VersionedItem item, Optional<Instant> asOf) {
        return asOf.map(item::asOf).orElseGet(item::now);
    }
}
