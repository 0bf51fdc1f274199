package io.breakwater.simulation.dynamodb;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** Puts, updates and removals of single items, each under its condition. */
final class Writes {
    private final Tables tables;
    private final Expressions expressions;
    private final InstantSource time;
    private final HttpAnswers http;

    Writes(Tables tables, Expressions expressions, InstantSource time, HttpAnswers http) {
        this.tables = tables;
        this.expressions = expressions;
        this.time = time;
        this.http = http;
    }

    PutItemResponse put(PutItemRequest request) {
        SupportedFields.check(request, SupportedFields.PUT);
        requireNoneOrAllOld(request.returnValues());
        ModelTable table = tables.named(request.tableName());
        Map<String, AttributeValue> item = Values.normalised(request.item());
        VersionedItem stored = table.item(table.schema().keyIn(item));
        check(Guard.of(request), null, stored);
        Map<String, AttributeValue> old = stored.now();
        stored.write(item, time.instant());
        PutItemResponse.Builder answer = PutItemResponse.builder();
        if (request.returnValues() == ReturnValue.ALL_OLD && !old.isEmpty()) {
            answer.attributes(old);
        }
        answer.sdkHttpResponse(http.ok());
        return answer.build();
    }

    DeleteItemResponse delete(DeleteItemRequest request) {
        SupportedFields.check(request, SupportedFields.DELETE);
        requireNoneOrAllOld(request.returnValues());
        VersionedItem stored = tables.named(request.tableName()).item(request.key());
        check(Guard.of(request), null, stored);
        Map<String, AttributeValue> old = stored.now();
        stored.write(Map.of(), time.instant());
        DeleteItemResponse.Builder answer = DeleteItemResponse.builder();
        if (request.returnValues() == ReturnValue.ALL_OLD && !old.isEmpty()) {
            answer.attributes(old);
        }
        answer.sdkHttpResponse(http.ok());
        return answer.build();
    }

    private static void requireNoneOrAllOld(@Nullable ReturnValue returned) {
        if (returned != null && returned != ReturnValue.NONE && returned != ReturnValue.ALL_OLD) {
            throw new Refusal("Return values set to invalid value");
        }
    }

    UpdateItemResponse update(UpdateItemRequest request) {
        SupportedFields.check(request, SupportedFields.UPDATE);
        ModelTable table = tables.named(request.tableName());
        VersionedItem stored = table.item(request.key());
        Parsed<Update> update = update(request, table.schema());
        Bindings bindings = check(Guard.of(request), update, stored);
        Map<String, AttributeValue> old = stored.now();
        Map<String, AttributeValue> before = old.isEmpty() ? request.key() : old;
        Map<String, AttributeValue> after = update == null
                ? Values.normalised(before)
                : new UpdateEvaluator(before, bindings).updated(update.tree());
        Set<String> written = update == null ? Set.of() : update.tree().attributes();
        Map<String, AttributeValue> returned = returned(request, old, after, written);
        stored.write(after, time.instant());
        UpdateItemResponse.Builder answer = UpdateItemResponse.builder();
        if (!returned.isEmpty()) {
            answer.attributes(returned);
        }
        answer.sdkHttpResponse(http.ok());
        return answer.build();
    }

    private @Nullable Parsed<Update> update(UpdateItemRequest request, KeySchema schema) {
        if (request.updateExpression() == null) {
            return null;
        }
        Parsed<Update> update = expressions.update(request.updateExpression(), request.expressionAttributeNames());
        update.tree().attributes().stream().filter(schema::contains).findFirst().ifPresent(key -> {
            throw new Refusal("One or more parameter values were invalid: Cannot update attribute " + key
                    + ". This attribute is part of the key");
        });
        return update;
    }

    private static Map<String, AttributeValue> returned(
            UpdateItemRequest request,
            Map<String, AttributeValue> old,
            Map<String, AttributeValue> after,
            Set<String> written) {
        if (request.returnValues() == null) {
            return Map.of();
        }
        return switch (request.returnValues()) {
            case NONE -> Map.of();
            case ALL_OLD -> old;
            case ALL_NEW -> after;
            case UPDATED_OLD -> only(written, old);
            case UPDATED_NEW -> only(written, after);
            case UNKNOWN_TO_SDK_VERSION ->
                throw new UnsupportedOperationException(
                        "the model knows no ReturnValues " + request.returnValuesAsString());
        };
    }

    private static Map<String, AttributeValue> only(Set<String> names, Map<String, AttributeValue> item) {
        Map<String, AttributeValue> some = new HashMap<>(item);
        some.keySet().retainAll(names);
        return some;
    }

    /** Refuses what is invalid, then what the condition refuses. */
    private Bindings check(Guard guard, @Nullable Parsed<Update> update, VersionedItem stored) {
        Map<String, String> names = guard.names() == null ? Map.of() : guard.names();
        Parsed<Condition> condition =
                guard.condition() == null ? null : expressions.condition(guard.condition(), names);
        List<Parsed<?>> all = Stream.<Parsed<?>>concat(Stream.ofNullable(condition), Stream.ofNullable(update))
                .toList();
        Bindings bindings = Bindings.of(all, guard.names(), guard.values());
        OperandTypes types = new OperandTypes(bindings);
        if (update != null) {
            types.check(update.tree());
        }
        if (condition != null) {
            types.check(condition.tree());
            if (!new ConditionEvaluator(stored.now(), bindings).holds(condition.tree())) {
                throw Failures.conditionFailed(guard.showsWhatStands() ? stored.now() : Map.of(), time.instant());
            }
        }
        return bindings;
    }
}
