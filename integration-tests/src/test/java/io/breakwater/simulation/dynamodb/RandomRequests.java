package io.breakwater.simulation.dynamodb;

import static java.util.stream.Collectors.joining;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromBool;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromNul;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.breakwater.topology.Topology;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Requests drawn from the grammar that the model knows, over few items, attributes and values, some of them invalid. */
final class RandomRequests {
    private static final List<String> ATTRIBUTES = List.of("a", "b", "c", "dd", "#n");
    private static final List<String> SORT_KEYS = List.of("state", "history#1", "history#2", "hist");
    private static final List<String> NUMBERS =
            List.of("0", "1", "-1", "007", "2.50", "-3", "1e2", "10", "9007199254740993", "0.1", "-0");
    private static final List<String> STRINGS = List.of("", "a", "ab", "abc", "b", "ü", "10");

    private final Random random;
    private final String partition;
    private final Map<String, String> names = new TreeMap<>();
    private final Map<String, AttributeValue> values = new TreeMap<>();

    RandomRequests(Random random, String partition) {
        this.random = random;
        this.partition = partition;
    }

    DynamoDbRequest next() {
        names.clear();
        values.clear();
        return switch (random.nextInt(20)) {
            case 0, 1, 2 -> put();
            case 3 -> delete();
            case 4, 5 -> query();
            case 6, 7, 8 ->
                GetItemRequest.builder()
                        .tableName(Topology.ENDPOINTS.name())
                        .key(key())
                        .consistentRead(true)
                        .build();
            default -> update();
        };
    }

    private DynamoDbRequest put() {
        PutItemRequest.Builder put = PutItemRequest.builder().tableName(Topology.ENDPOINTS.name());
        Map<String, AttributeValue> item = new HashMap<>(key());
        List.of("a", "b", "c", "dd", "name").forEach(name -> {
            if (random.nextBoolean()) {
                item.put(name, anyValue());
            }
        });
        put.item(item).returnValues(pick(List.of(ReturnValue.NONE, ReturnValue.ALL_OLD)));
        if (random.nextBoolean()) {
            put.conditionExpression(condition(2));
        }
        onFailure(put::returnValuesOnConditionCheckFailure);
        placeholders(put::expressionAttributeNames, put::expressionAttributeValues);
        return put.build();
    }

    private DynamoDbRequest delete() {
        DeleteItemRequest.Builder delete = DeleteItemRequest.builder()
                .tableName(Topology.ENDPOINTS.name())
                .key(key())
                .returnValues(pick(List.of(ReturnValue.NONE, ReturnValue.ALL_OLD)));
        if (random.nextBoolean()) {
            delete.conditionExpression(condition(2));
        }
        onFailure(delete::returnValuesOnConditionCheckFailure);
        placeholders(delete::expressionAttributeNames, delete::expressionAttributeValues);
        return delete.build();
    }

    private DynamoDbRequest update() {
        UpdateItemRequest.Builder update = UpdateItemRequest.builder()
                .tableName(Topology.ENDPOINTS.name())
                .key(key())
                .returnValues(pick(List.of(
                        ReturnValue.NONE,
                        ReturnValue.ALL_OLD,
                        ReturnValue.ALL_NEW,
                        ReturnValue.UPDATED_NEW,
                        ReturnValue.UPDATED_OLD)));
        if (random.nextInt(10) > 0) {
            update.updateExpression(updateExpression());
        }
        if (random.nextInt(3) > 0) {
            update.conditionExpression(condition(3));
        }
        onFailure(update::returnValuesOnConditionCheckFailure);
        placeholders(update::expressionAttributeNames, update::expressionAttributeValues);
        return update.build();
    }

    private DynamoDbRequest query() {
        QueryRequest.Builder query = QueryRequest.builder()
                .tableName(Topology.ENDPOINTS.name())
                .consistentRead(true)
                .scanIndexForward(random.nextBoolean());
        values.put(":id", fromS(partition));
        String condition = "id = :id";
        if (random.nextInt(4) > 0) {
            values.put(":sort", fromS(pick(List.of("hist", "history#", "history#2", "s", "z"))));
            String onSort = pick(List.of(
                    "begins_with(part, :sort)",
                    "part = :sort",
                    "part < :sort",
                    "part <= :sort",
                    "part > :sort",
                    "part >= :sort"));
            condition = random.nextBoolean() ? condition + " AND " + onSort : onSort + " AND " + condition;
        }
        if (random.nextBoolean()) {
            query.limit(1 + random.nextInt(5));
        }
        return query.keyConditionExpression(condition)
                .expressionAttributeValues(values)
                .build();
    }

    private Map<String, AttributeValue> key() {
        return Map.of("id", fromS(partition), "part", fromS(pick(SORT_KEYS)));
    }

    private interface Setter<T> {
        Object set(T value);
    }

    private void onFailure(Setter<ReturnValuesOnConditionCheckFailure> setter) {
        if (random.nextBoolean()) {
            setter.set(ReturnValuesOnConditionCheckFailure.ALL_OLD);
        }
    }

    /** Now and then with one too many, or without one that is used. */
    private void placeholders(Setter<Map<String, String>> setNames, Setter<Map<String, AttributeValue>> setValues) {
        if (random.nextInt(40) == 0) {
            values.put(":unused", fromN("1"));
        }
        if (random.nextInt(40) == 0) {
            values.remove(":v1");
        }
        if (random.nextInt(40) == 0) {
            names.put("#unused", "a");
        }
        if (!names.isEmpty()) {
            setNames.set(names);
        }
        if (!values.isEmpty()) {
            setValues.set(values);
        }
    }

    private String updateExpression() {
        List<String> free = new ArrayList<>(ATTRIBUTES);
        Collections.shuffle(free, random);
        Supplier<String> target =
                () -> name(random.nextInt(30) == 0 || free.isEmpty() ? pick(ATTRIBUTES) : free.removeLast());
        List<String> clauses = new ArrayList<>(List.of("SET", "ADD", "REMOVE"));
        Collections.shuffle(clauses, random);
        return clauses.subList(0, 1 + random.nextInt(3)).stream()
                .map(clause -> clause + " "
                        + IntStream.rangeClosed(0, random.nextInt(2))
                                .mapToObj(_ -> action(clause, target.get()))
                                .collect(joining(", ")))
                .collect(joining(" "));
    }

    private String action(String clause, String target) {
        return switch (clause) {
            case "SET" -> target + " = " + term();
            case "ADD" -> target + " " + (random.nextInt(8) == 0 ? value(anyValue()) : number());
            default -> target;
        };
    }

    private String term() {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> value(anyValue());
            case 3 -> simple();
            case 4 -> simple() + " + " + simple();
            case 5 -> simple() + " - " + simple();
            case 6 -> "if_not_exists(" + attribute() + ", " + simple() + ")";
            default -> "if_not_exists(" + attribute() + ", " + number() + ") + " + number();
        };
    }

    private String simple() {
        return switch (random.nextInt(4)) {
            case 0 -> attribute();
            case 1 -> value(anyValue());
            default -> number();
        };
    }

    private String condition(int depth) {
        if (depth > 0 && random.nextInt(3) > 0) {
            return switch (random.nextInt(5)) {
                case 0 -> condition(depth - 1) + " AND " + condition(depth - 1);
                case 1 -> condition(depth - 1) + " OR " + condition(depth - 1);
                case 2 -> "NOT " + condition(depth - 1);
                case 3 -> "(" + condition(depth - 1) + ") OR " + condition(depth - 1);
                default -> "(" + condition(depth - 1) + ")";
            };
        }
        return switch (random.nextInt(8)) {
            case 0 -> "attribute_exists(" + attribute() + ")";
            case 1 -> "attribute_not_exists(" + attribute() + ")";
            case 2 -> "begins_with(" + attribute() + ", " + value(fromS(pick(STRINGS))) + ")";
            case 3 -> attribute() + " BETWEEN " + operand() + " AND " + operand();
            default -> attribute() + " " + pick(List.of("=", "<>", "<", "<=", ">", ">=")) + " " + operand();
        };
    }

    private String operand() {
        return switch (random.nextInt(6)) {
            case 0 -> attribute();
            case 1 -> value(anyValue());
            case 2, 3 -> value(fromS(pick(STRINGS)));
            default -> number();
        };
    }

    private String attribute() {
        return name(pick(ATTRIBUTES));
    }

    private String name(String attribute) {
        if (attribute.equals("#n")) {
            names.put("#n", "name");
        }
        return attribute;
    }

    private String number() {
        return value(fromN(pick(NUMBERS)));
    }

    private String value(AttributeValue value) {
        String placeholder = ":v" + values.size();
        values.put(placeholder, value);
        return placeholder;
    }

    private AttributeValue anyValue() {
        return switch (random.nextInt(10)) {
            case 0 -> fromBool(random.nextBoolean());
            case 1 -> fromNul(true);
            case 2, 3, 4 -> fromS(pick(STRINGS));
            default -> fromN(pick(NUMBERS));
        };
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
