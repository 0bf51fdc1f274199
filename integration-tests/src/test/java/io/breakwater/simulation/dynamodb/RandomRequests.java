package io.breakwater.simulation.dynamodb;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromBool;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromNul;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Requests of a small grammar over two keys and four attributes, so that they meet each other often. */
final class RandomRequests {
    private static final List<String> ATTRIBUTES = List.of("a", "b", "c", "d");
    private static final List<AttributeValue> VALUES = List.of(
            fromN("0"),
            fromN("7"),
            fromN("007"),
            fromN("-3"),
            fromN("10"),
            fromN("2.50"),
            fromN("1E+2"),
            fromS(""),
            fromS("7"),
            fromS("10"),
            fromS("x"),
            fromS("xy"),
            fromS("ü"),
            fromBool(true),
            fromNul(true));
    private static final List<String> COMPARATORS = List.of("=", "=", "=", "<>", "<", "<=", ">", ">=");

    private final RandomGenerator random;
    private final String table;
    private final String partition;
    private Map<String, String> names = new HashMap<>();
    private Map<String, AttributeValue> values = new HashMap<>();

    RandomRequests(RandomGenerator random, String table, String partition) {
        this.random = random;
        this.table = table;
        this.partition = partition;
    }

    DynamoDbRequest next() {
        names = new HashMap<>();
        values = new HashMap<>();
        return switch (random.nextInt(12)) {
            case 0 ->
                GetItemRequest.builder()
                        .tableName(table)
                        .key(key())
                        .consistentRead(true)
                        .build();
            case 1 -> delete();
            case 2, 3 -> put();
            case 4 -> query();
            default -> update();
        };
    }

    private Map<String, AttributeValue> key() {
        return Map.of("id", fromS(partition), "part", fromS(random.nextBoolean() ? "one" : "other"));
    }

    private DynamoDbRequest delete() {
        String condition = optionalCondition();
        return DeleteItemRequest.builder()
                .tableName(table)
                .key(key())
                .conditionExpression(condition)
                .expressionAttributeNames(names())
                .expressionAttributeValues(values())
                .returnValues(one(List.of(ReturnValue.NONE, ReturnValue.ALL_OLD)))
                .returnValuesOnConditionCheckFailure(onFailure())
                .build();
    }

    private DynamoDbRequest put() {
        Map<String, AttributeValue> item = new HashMap<>(key());
        ATTRIBUTES.forEach(attribute -> {
            if (random.nextBoolean()) {
                item.put(attribute, one(VALUES));
            }
        });
        String condition = optionalCondition();
        return PutItemRequest.builder()
                .tableName(table)
                .item(item)
                .conditionExpression(condition)
                .expressionAttributeNames(names())
                .expressionAttributeValues(values())
                .returnValues(one(List.of(ReturnValue.NONE, ReturnValue.ALL_OLD)))
                .returnValuesOnConditionCheckFailure(onFailure())
                .build();
    }

    private DynamoDbRequest query() {
        values.put(":id", fromS(partition));
        String condition = "id = :id";
        if (random.nextBoolean()) {
            condition += " AND begins_with(part, :prefix)";
            values.put(":prefix", fromS(one(List.of("o", "on", "oth", "z"))));
        }
        return QueryRequest.builder()
                .tableName(table)
                .keyConditionExpression(condition)
                .expressionAttributeValues(values)
                .consistentRead(true)
                .scanIndexForward(random.nextBoolean())
                .limit(one(List.of(1, 2, 3)))
                .build();
    }

    private DynamoDbRequest update() {
        String update = updateExpression();
        String condition = optionalCondition();
        if (random.nextInt(40) == 0) {
            values.put(":unused", one(VALUES));
        }
        return UpdateItemRequest.builder()
                .tableName(table)
                .key(key())
                .updateExpression(update)
                .conditionExpression(condition)
                .expressionAttributeNames(names())
                .expressionAttributeValues(values())
                .returnValues(one(List.of(ReturnValue.NONE, ReturnValue.ALL_OLD, ReturnValue.ALL_NEW)))
                .returnValuesOnConditionCheckFailure(onFailure())
                .build();
    }

    private String updateExpression() {
        List<String> attributes = new ArrayList<>(ATTRIBUTES);
        List<String> sections = new ArrayList<>(List.of("SET", "ADD", "REMOVE"));
        StringBuilder update = new StringBuilder();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            String section = sections.remove(random.nextInt(sections.size()));
            List<String> clauses = new ArrayList<>();
            for (int j = random.nextInt(1, 3); j > 0 && !attributes.isEmpty(); j--) {
                String target = random.nextInt(60) == 0
                        ? one(List.of("a", "id"))
                        : attributes.remove(random.nextInt(attributes.size()));
                clauses.add(clause(section, named(target)));
            }
            if (!clauses.isEmpty()) {
                update.append(' ').append(section).append(' ').append(String.join(", ", clauses));
            }
        }
        return update.toString();
    }

    private String clause(String section, String target) {
        return switch (section) {
            case "SET" -> target + " = " + term(target);
            case "ADD" -> target + " " + (random.nextInt(10) == 0 ? value() : number());
            default -> target;
        };
    }

    private String term(String target) {
        return switch (random.nextInt(8)) {
            case 0 -> target + " + " + number();
            case 1 -> target + " - " + number();
            case 2 -> "if_not_exists(%s, %s)".formatted(target, value());
            case 3 -> "if_not_exists(%s, %s) + %s".formatted(target, number(), number());
            case 4 -> operand() + one(List.of(" + ", " - ")) + operand();
            case 5 -> operand();
            default -> value();
        };
    }

    private @Nullable String optionalCondition() {
        return random.nextInt(3) == 0 ? null : condition(2);
    }

    private String condition(int depth) {
        return switch (random.nextInt(depth == 0 ? 6 : 10)) {
            case 0 -> "attribute_exists(%s)".formatted(attribute());
            case 1 -> "attribute_not_exists(%s)".formatted(attribute());
            case 2 -> "begins_with(%s, %s)".formatted(attribute(), random.nextInt(5) == 0 ? operand() : text());
            case 3 -> "%s BETWEEN %s AND %s".formatted(operand(), operand(), operand());
            case 4, 5 -> "%s %s %s".formatted(attribute(), one(COMPARATORS), operand());
            case 6 -> condition(depth - 1) + " AND " + condition(depth - 1);
            case 7 -> condition(depth - 1) + " OR " + condition(depth - 1);
            case 8 -> "NOT " + condition(depth - 1);
            default -> "(" + condition(depth - 1) + ")";
        };
    }

    private String operand() {
        return random.nextInt(3) == 0 ? attribute() : value();
    }

    private String attribute() {
        return named(one(ATTRIBUTES));
    }

    private String named(String attribute) {
        if (random.nextInt(4) > 0) {
            return attribute;
        }
        names.put("#" + attribute, attribute);
        return "#" + attribute;
    }

    private String value() {
        return bound(one(VALUES));
    }

    private String number() {
        return bound(one(VALUES.stream().filter(value -> value.n() != null).toList()));
    }

    private String text() {
        return bound(one(VALUES.stream().filter(value -> value.s() != null).toList()));
    }

    private String bound(AttributeValue value) {
        String placeholder = ":v" + values.size();
        if (random.nextInt(100) > 0) {
            values.put(placeholder, value);
        }
        return placeholder;
    }

    private @Nullable Map<String, String> names() {
        return names.isEmpty() ? null : names;
    }

    private @Nullable Map<String, AttributeValue> values() {
        return values.isEmpty() ? null : values;
    }

    private ReturnValuesOnConditionCheckFailure onFailure() {
        return one(List.of(ReturnValuesOnConditionCheckFailure.NONE, ReturnValuesOnConditionCheckFailure.ALL_OLD));
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
