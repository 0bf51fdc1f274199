package io.breakwater.simulation.dynamodb;

import io.breakwater.simulation.dynamodb.Condition.Comparator;
import io.breakwater.simulation.dynamodb.Update.Clause;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * DynamoDB as this project uses it, in memory and deterministic. What it does not model it refuses with an {@link
 * UnsupportedOperationException}. It knows no reserved words and no limits of size, and its reads are all consistent.
 * Tables exist as soon as a request names them.
 */
public final class ModelDynamoDb implements DynamoDbClient {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final int OK = 200;

    private static final Set<String> GET = Set.of("TableName", "Key", "ConsistentRead");
    private static final Set<String> CONDITIONAL = Set.of(
            "TableName",
            "ConditionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "ReturnValues",
            "ReturnValuesOnConditionCheckFailure");
    private static final Set<String> PUT = with(CONDITIONAL, "Item");
    private static final Set<String> DELETE = with(CONDITIONAL, "Key");
    private static final Set<String> UPDATE = with(CONDITIONAL, "Key", "UpdateExpression");
    private static final Set<String> QUERY = Set.of(
            "TableName",
            "KeyConditionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "ScanIndexForward",
            "Limit",
            "ConsistentRead");

    private final InstantSource clock;
    private final List<String> keyAttributes;
    private final Map<String, ModelTable> tables = new HashMap<>();
    private long second = Long.MIN_VALUE;
    private String date = "";

    /** Tables with the key attributes {@code id} and {@code part}. */
    public ModelDynamoDb(InstantSource clock) {
        this(clock, List.of("id", "part"));
    }

    /**
     * @param clock the time in the responses' headers
     * @param keyAttributes the partition key of every table, and the sort key if the tables have one
     */
    public ModelDynamoDb(InstantSource clock, List<String> keyAttributes) {
        if (keyAttributes.isEmpty() || keyAttributes.size() > 2) {
            throw new IllegalArgumentException("a table has one or two key attributes, not " + keyAttributes);
        }
        this.clock = clock;
        this.keyAttributes = List.copyOf(keyAttributes);
    }

    private static Set<String> with(Set<String> members, String... more) {
        List<String> all = new ArrayList<>(members);
        all.addAll(List.of(more));
        return Set.copyOf(all);
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public synchronized GetItemResponse getItem(GetItemRequest request) {
        refuseOthers(request, GET);
        ModelTable table = table(request.tableName());
        GetItemResponse.Builder response = GetItemResponse.builder().item(table.get(table.key(request.key())));
        response.sdkHttpResponse(http(OK));
        return response.build();
    }

    @Override
    public synchronized PutItemResponse putItem(PutItemRequest request) {
        refuseOthers(request, PUT);
        ModelTable table = table(request.tableName());
        ModelTable.Key key = table.keyOf(request.item());
        Map<String, AttributeValue> item = new HashMap<>();
        request.item().forEach((name, value) -> item.put(name, Values.stored(value)));
        refuseReturnValue(request.returnValues(), ReturnValue.ALL_OLD);
        Bindings bindings = bindings(
                request.hasExpressionAttributeNames() ? request.expressionAttributeNames() : null,
                request.hasExpressionAttributeValues() ? request.expressionAttributeValues() : null);
        Expression<Condition> condition = condition(request.conditionExpression());
        bindings.check(condition == null ? List.of() : List.of(condition));
        Map<String, AttributeValue> old = table.get(key);
        require(condition, bindings, old, request.returnValuesOnConditionCheckFailure());
        table.put(key, Map.copyOf(item));
        PutItemResponse.Builder response =
                PutItemResponse.builder().attributes(request.returnValues() == ReturnValue.ALL_OLD ? old : null);
        response.sdkHttpResponse(http(OK));
        return response.build();
    }

    @Override
    public synchronized DeleteItemResponse deleteItem(DeleteItemRequest request) {
        refuseOthers(request, DELETE);
        ModelTable table = table(request.tableName());
        ModelTable.Key key = table.key(request.key());
        refuseReturnValue(request.returnValues(), ReturnValue.ALL_OLD);
        Bindings bindings = bindings(
                request.hasExpressionAttributeNames() ? request.expressionAttributeNames() : null,
                request.hasExpressionAttributeValues() ? request.expressionAttributeValues() : null);
        Expression<Condition> condition = condition(request.conditionExpression());
        bindings.check(condition == null ? List.of() : List.of(condition));
        Map<String, AttributeValue> old = table.get(key);
        require(condition, bindings, old, request.returnValuesOnConditionCheckFailure());
        table.remove(key);
        DeleteItemResponse.Builder response =
                DeleteItemResponse.builder().attributes(request.returnValues() == ReturnValue.ALL_OLD ? old : null);
        response.sdkHttpResponse(http(OK));
        return response.build();
    }

    @Override
    public synchronized UpdateItemResponse updateItem(UpdateItemRequest request) {
        refuseOthers(request, UPDATE);
        if (request.updateExpression() == null) {
            throw new UnsupportedOperationException("an UpdateItem without an UpdateExpression");
        }
        ModelTable table = table(request.tableName());
        ModelTable.Key key = table.key(request.key());
        refuseReturnValue(request.returnValues(), ReturnValue.ALL_OLD, ReturnValue.ALL_NEW);
        Bindings bindings = bindings(
                request.hasExpressionAttributeNames() ? request.expressionAttributeNames() : null,
                request.hasExpressionAttributeValues() ? request.expressionAttributeValues() : null);
        Expression<Condition> condition = condition(request.conditionExpression());
        Expression<Update> update = Expression.update(request.updateExpression());
        bindings.check(condition == null ? List.of(update) : List.of(update, condition));
        Updates updates = new Updates(bindings);
        updates.check(update.tree(), keyAttributes);
        Map<String, AttributeValue> old = table.get(key);
        require(condition, bindings, old, request.returnValuesOnConditionCheckFailure());
        Map<String, AttributeValue> next = null;
        if (old != null || !update.tree().clauses().stream().allMatch(Clause.Remove.class::isInstance)) {
            next = Map.copyOf(updates.apply(update.tree(), old == null ? request.key() : old));
            table.put(key, next);
        }
        UpdateItemResponse.Builder response = UpdateItemResponse.builder();
        if (request.returnValues() == ReturnValue.ALL_OLD) {
            response.attributes(old);
        } else if (request.returnValues() == ReturnValue.ALL_NEW) {
            response.attributes(next);
        }
        response.sdkHttpResponse(http(OK));
        return response.build();
    }

    @Override
    public synchronized QueryResponse query(QueryRequest request) {
        refuseOthers(request, QUERY);
        if (request.keyConditionExpression() == null) {
            throw new UnsupportedOperationException("a Query without a KeyConditionExpression");
        }
        Bindings bindings = bindings(
                request.hasExpressionAttributeNames() ? request.expressionAttributeNames() : null,
                request.hasExpressionAttributeValues() ? request.expressionAttributeValues() : null);
        Expression<Condition> condition = Expression.condition(request.keyConditionExpression());
        bindings.check(List.of(condition));
        new Conditions(bindings).check(condition.tree());
        ModelTable table = table(request.tableName());
        NavigableMap<String, Map<String, AttributeValue>> partition = new TreeMap<>(Values::compare);
        String prefix = "";
        Condition onPartition = condition.tree();
        if (onPartition instanceof Condition.And(Condition first, Condition second)) {
            onPartition = first instanceof Condition.BeginsWith ? second : first;
            prefix = prefix(first instanceof Condition.BeginsWith ? first : second, bindings);
        }
        partition.putAll(table.partition(partitionKey(onPartition, bindings)));
        Collection<Map<String, AttributeValue>> inOrder =
                (Boolean.FALSE.equals(request.scanIndexForward()) ? partition.descendingMap() : partition).values();
        int limit = request.limit() == null ? Integer.MAX_VALUE : request.limit();
        if (limit < 1) {
            throw Failures.invalid("Limit must be at least 1");
        }
        List<Map<String, AttributeValue>> found = new ArrayList<>();
        for (Map<String, AttributeValue> item : inOrder) {
            if (found.size() < limit && table.keyOf(item).sort().startsWith(prefix)) {
                found.add(item);
            }
        }
        QueryResponse.Builder response = QueryResponse.builder()
                .items(found)
                .count(found.size())
                .scannedCount(found.size())
                .lastEvaluatedKey(found.size() == limit ? table.keyAttributes(found.getLast()) : null);
        response.sdkHttpResponse(http(OK));
        return response.build();
    }

    private String partitionKey(Condition condition, Bindings bindings) {
        if (condition instanceof Condition.Compare(Operand.Path path, Comparator comparator, Operand.Value value)
                && comparator == Comparator.EQUAL
                && bindings.name(path).equals(keyAttributes.getFirst())) {
            return keyText(bindings.value(value));
        }
        throw new UnsupportedOperationException("the key condition " + condition);
    }

    private String prefix(Condition condition, Bindings bindings) {
        if (keyAttributes.size() == 2
                && condition instanceof Condition.BeginsWith(Operand.Path path, Operand.Value value)
                && bindings.name(path).equals(keyAttributes.getLast())) {
            return keyText(bindings.value(value));
        }
        throw new UnsupportedOperationException("the key condition " + condition);
    }

    private static String keyText(AttributeValue value) {
        if (value.s() == null || value.s().isEmpty()) {
            throw Failures.invalid("One or more parameter values were invalid: a key condition's value");
        }
        return value.s();
    }

    private ModelTable table(String name) {
        return tables.computeIfAbsent(name, table -> new ModelTable(keyAttributes));
    }

    private static Bindings bindings(
            @Nullable Map<String, String> names, @Nullable Map<String, AttributeValue> values) {
        if ((names != null && names.isEmpty()) || (values != null && values.isEmpty())) {
            throw Failures.invalid("ExpressionAttributeNames and ExpressionAttributeValues must not be empty");
        }
        return new Bindings(names == null ? Map.of() : names, values == null ? Map.of() : values);
    }

    private static @Nullable Expression<Condition> condition(@Nullable String text) {
        return text == null ? null : Expression.condition(text);
    }

    private void require(
            @Nullable Expression<Condition> condition,
            Bindings bindings,
            @Nullable Map<String, AttributeValue> item,
            @Nullable ReturnValuesOnConditionCheckFailure returned) {
        if (condition == null) {
            return;
        }
        Conditions conditions = new Conditions(bindings);
        conditions.check(condition.tree());
        if (!conditions.test(condition.tree(), item == null ? Map.of() : item)) {
            throw conditionFailed(returned == ReturnValuesOnConditionCheckFailure.ALL_OLD ? item : null);
        }
    }

    private ConditionalCheckFailedException conditionFailed(@Nullable Map<String, AttributeValue> item) {
        String message = "The conditional request failed";
        return ConditionalCheckFailedException.builder()
                .item(item)
                .message(message)
                .statusCode(Failures.BAD_REQUEST)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .serviceName("DynamoDb")
                        .errorCode("ConditionalCheckFailedException")
                        .errorMessage(message)
                        .sdkHttpResponse(http(Failures.BAD_REQUEST))
                        .build())
                .build();
    }

    private SdkHttpResponse http(int status) {
        Instant now = clock.instant();
        if (now.getEpochSecond() != second) {
            second = now.getEpochSecond();
            date = HTTP_DATE.format(now);
        }
        return SdkHttpFullResponse.builder()
                .statusCode(status)
                .putHeader("Date", date)
                .build();
    }

    private static void refuseReturnValue(@Nullable ReturnValue value, ReturnValue... supported) {
        if (value != null && value != ReturnValue.NONE && !List.of(supported).contains(value)) {
            throw new UnsupportedOperationException("ReturnValues " + value);
        }
    }

    private static void refuseOthers(DynamoDbRequest request, Set<String> supported) {
        if (request.overrideConfiguration().isPresent()) {
            throw new UnsupportedOperationException("an override configuration");
        }
        for (SdkField<?> field : request.sdkFields()) {
            Object value = field.getValueOrDefault(request);
            boolean given = value != null
                    && !(value instanceof SdkAutoConstructMap)
                    && !(value instanceof SdkAutoConstructList);
            if (given && !supported.contains(field.memberName())) {
                throw new UnsupportedOperationException(
                        Objects.requireNonNull(request.getClass().getSimpleName()) + "." + field.memberName());
            }
        }
    }
}
