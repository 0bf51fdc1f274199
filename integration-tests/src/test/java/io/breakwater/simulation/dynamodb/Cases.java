package io.breakwater.simulation.dynamodb;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromBool;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromNul;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Each form of expression, and each way to fail, by hand. */
final class Cases {
    private static final Map<String, AttributeValue> ITEM = Map.of(
            "a", fromN("5"), "b", fromN("7"), "word", fromS("abc"), "flag", fromBool(true), "nil", fromNul(true));
    private static final AttributeValue ONE = fromN("1");

    private Cases() {}

    static Stream<Case> accepted() {
        return Stream.of(
                set("a value", "SET c = :v", ONE),
                set("a value over another", "SET a = :v", ONE),
                set("keywords in lower case", "set c = :v", ONE),
                set("a value under a name placeholder", "SET c = :v REMOVE a", ONE),
                update("another attribute", "SET c = a"),
                update("an attribute's value before the update", "SET a = b, b = a"),
                update("an attribute that the same update removes", "SET c = a REMOVE a"),
                set("if_not_exists of a present one", "SET a = if_not_exists(a, :v)", ONE),
                set("if_not_exists of a missing one", "SET c = if_not_exists(c, :v)", ONE),
                set("if_not_exists of another attribute", "SET c = if_not_exists(a, :v)", ONE),
                update("if_not_exists with an attribute", "SET c = if_not_exists(c, a)"),
                set("nested if_not_exists", "SET c = if_not_exists(c, if_not_exists(d, :v))", ONE),
                set("a counter from nothing", "SET c = if_not_exists(c, :v) + :v", ONE),
                set("a sum", "SET a = a + :v", ONE),
                set("a sum of values", "SET a = :v + :v", ONE),
                set("a difference", "SET a = a - :v", ONE),
                update("a difference of attributes", "SET c = a - b"),
                set("a sum below zero", "SET a = a + :v", fromN("-8")),
                set("an ADD", "ADD a :v", ONE),
                set("an ADD of a negative number", "ADD a :v", fromN("-8")),
                set("an ADD of zero", "ADD a :v", fromN("0")),
                set("an ADD to a missing attribute", "ADD c :v", fromN("-8")),
                set("an ADD of a fraction", "ADD a :v", fromN("0.25")),
                set("an ADD of many digits", "ADD a :v", fromN("12345678901234567890123")),
                update("a REMOVE", "REMOVE a, b"),
                update("a REMOVE of a missing attribute", "REMOVE absent"),
                set("all clauses in one order", "REMOVE b ADD a :v SET c = :v", ONE),
                set("all clauses in another", "ADD a :v SET c = :v REMOVE b", ONE),
                set("a number with zeros before it", "SET c = :v", fromN("007")),
                set("a number with zeros behind it", "SET c = :v", fromN("7.500")),
                set("a number with an exponent", "SET c = :v", fromN("1.5E+3")),
                set("a small number", "SET c = :v", fromN("1e-5")),
                set("minus zero", "SET c = :v", fromN("-0.0")),
                set("38 digits", "SET c = :v", fromN("1".repeat(38))),
                set("the largest number", "SET c = :v", fromN("9.9E+125")),
                set("the smallest number", "SET c = :v", fromN("1E-130")),
                set("an empty string", "SET c = :v", fromS("")),
                Case.update("an update of nothing", ITEM, _ -> {}),
                Case.update("an update of nothing of no item", null, _ -> {}),
                Case.update("a REMOVE of no item", null, update -> update.updateExpression("REMOVE a")),
                Case.update(
                        "an ADD to no item",
                        null,
                        update -> update.updateExpression("ADD a :v").expressionAttributeValues(Map.of(":v", ONE))),
                Case.update(
                        "a reserved word under a placeholder",
                        ITEM,
                        update -> update.updateExpression("SET #state = :v")
                                .expressionAttributeNames(Map.of("#state", "state"))
                                .expressionAttributeValues(Map.of(":v", ONE))),
                Case.put("a put", ITEM, Map.of("c", fromN("007")), _ -> {}),
                Case.put("a put of a new item", null, ITEM, _ -> {}),
                holds("=", "a = :v", fromN("5.0")),
                holds("<>", "a <> :v", fromN("6")),
                holds("<> of another type", "a <> :v", fromS("5")),
                holds("<> of a missing attribute", "absent <> :v", fromS("5")),
                holds("<", "a < :v", fromN("10")),
                holds("<=", "a <= :v", fromN("5")),
                holds("> of strings", "word > :v", fromS("abB")),
                holds(">= of strings", "word >= :v", fromS("abc")),
                holds("a value on the left", ":v >= a", fromN("5")),
                holds("a boolean", "flag = :v", fromBool(true)),
                holds("a null", "nil = :v", fromNul(true)),
                holds("BETWEEN", "a BETWEEN :v AND b", fromN("5")),
                holds("BETWEEN with a value first", ":v BETWEEN a AND b", fromN("6")),
                holds("begins_with", "begins_with(word, :v)", fromS("ab")),
                holds("begins_with an empty string", "begins_with(word, :v)", fromS("")),
                holds(
                        "functions beside comparisons",
                        "attribute_exists(a) AND attribute_not_exists(c) AND b > :v",
                        ONE),
                holds("OR in parentheses", "(attribute_not_exists(a) OR a <= :v)", fromN("9")),
                holds("NOT before AND", "NOT a = :v AND b > :v", ONE),
                holds("NOT of a comparison with a missing attribute", "NOT absent < :v", ONE),
                holds("AND before OR", "a > :v OR a = :v AND absent = :v", ONE),
                holds("NOT of parentheses", "NOT (a = :v OR b = :v)", ONE),
                holds("two NOTs", "NOT NOT a > :v", ONE),
                holds("keywords in lower case", "not a = :v and (b > :v or a > :v)", ONE),
                holds("a key attribute", "part > :v", fromS("a")),
                Case.update(
                        "a condition that no item fulfils",
                        null,
                        update -> update.updateExpression("SET a = :v")
                                .conditionExpression("attribute_not_exists(id)")
                                .expressionAttributeValues(Map.of(":v", ONE))),
                Case.query(
                        "a query of an empty partition",
                        null,
                        query -> query.keyConditionExpression("id = :id AND begins_with(part, :p)")
                                .expressionAttributeValues(Map.of(":id", fromS("nobody"), ":p", fromS("x")))));
    }

    static Stream<Case> conditionsThatFail() {
        return Stream.of(
                holds("=", "a = :v", fromN("6")),
                holds("= of another type", "a = :v", fromS("5")),
                holds("= of a missing attribute", "absent = :v", ONE),
                holds("< of another type", "word < :v", ONE),
                holds("< of a missing attribute", "absent < :v", ONE),
                holds(">= of a missing attribute", "absent >= :v", ONE),
                holds("> of attributes of other types", "a > word AND a > :v", ONE),
                holds("> of a boolean", "flag > :v", ONE),
                holds("BETWEEN of another type", "word BETWEEN :v AND b", ONE),
                holds("BETWEEN the wrong way round", "a BETWEEN b AND :v", ONE),
                holds("begins_with of a number", "begins_with(a, :v)", fromS("5")),
                holds("begins_with of a missing attribute", "begins_with(absent, :v)", fromS("")),
                holds("NOT", "NOT a > :v", ONE),
                holds("OR", "(attribute_not_exists(a) OR a <= :v)", ONE),
                Case.update(
                        "an item that is not there",
                        null,
                        update -> update.updateExpression("SET a = :v")
                                .conditionExpression("attribute_exists(id)")
                                .expressionAttributeValues(Map.of(":v", ONE))),
                Case.put("a put", ITEM, ITEM, put -> put.conditionExpression("attribute_not_exists(id)")),
                Case.update(
                        "before an update that would be invalid",
                        ITEM,
                        update -> update.updateExpression("SET a = absent + :v")
                                .conditionExpression("a = :v")
                                .expressionAttributeValues(Map.of(":v", ONE))));
    }

    static Stream<Case> invalid() {
        return Stream.of(
                update("nothing", " "),
                update("no clause", "a = b"),
                update("a target twice in SET", "SET c = a, c = b"),
                set("a target in SET and ADD", "SET c = a ADD c :v", ONE),
                set("a target in ADD and REMOVE", "ADD c :v REMOVE c", ONE),
                Case.update(
                        "a target by name and by placeholder",
                        ITEM,
                        update -> update.updateExpression("SET c = :v REMOVE #c")
                                .expressionAttributeNames(Map.of("#c", "c"))
                                .expressionAttributeValues(Map.of(":v", ONE))),
                update("a clause twice", "SET c = a SET d = a"),
                update("a comma at the end", "SET c = a,"),
                update("a key attribute", "REMOVE part"),
                set("a key attribute in SET", "SET id = :v", fromS("x")),
                update("a reserved word", "REMOVE state"),
                update("a name that begins with an underscore", "REMOVE _a"),
                update("a sum of three", "SET c = a + b + a"),
                update("a sum with a missing attribute", "SET c = absent + a"),
                update("a missing attribute", "SET c = absent"),
                update("a sum with a string", "SET c = a + word"),
                set("a sum with a string value", "SET c = a + :v", fromS("x")),
                set("an ADD of a string", "ADD c :v", fromS("x")),
                set("an ADD to a string", "ADD word :v", ONE),
                update("an ADD of an attribute", "ADD a b"),
                set("if_not_exists of a value", "SET c = if_not_exists(:v, a)", ONE),
                update("if_not_exists of a present one with a missing one", "SET c = if_not_exists(a, absent)"),
                update("if_not_exists of one attribute twice", "SET c = if_not_exists(a, a)"),
                set("a function in capitals", "SET c = IF_NOT_EXISTS(c, :v)", ONE),
                set("an unknown function", "SET c = greatest(a, :v)", ONE),
                set("an unused value", "REMOVE a", ONE),
                update("an undefined value", "SET c = :v"),
                Case.update(
                        "an unused name",
                        ITEM,
                        update -> update.updateExpression("REMOVE a").expressionAttributeNames(Map.of("#b", "b"))),
                update("an undefined name", "REMOVE #a"),
                Case.update(
                        "values without an expression",
                        ITEM,
                        update -> update.expressionAttributeValues(Map.of(":v", ONE))),
                Case.update(
                        "no values",
                        ITEM,
                        update -> update.updateExpression("REMOVE a").expressionAttributeValues(Map.of())),
                set("no number", "SET c = :v", fromN("seven")),
                set("an empty number", "SET c = :v", fromN("")),
                set("39 digits", "SET c = :v", fromN("1".repeat(39))),
                set("too large a number", "SET c = :v", fromN("1E126")),
                set("too small a number", "SET c = :v", fromN("1E-131")),
                set("a null that is none", "SET c = :v", fromNul(false)),
                set(
                        "a value that is none",
                        "SET c = :v",
                        AttributeValue.builder().build()),
                holds("an empty condition", "", ONE),
                holds("half a comparison", "a >", ONE),
                holds("a comparison of three", "a < b < :v", ONE),
                holds("an open parenthesis", "(a = :v", ONE),
                holds("a closing parenthesis", "a = :v)", ONE),
                holds("double parentheses", "((a = :v))", ONE),
                holds("double parentheses around a part", "((a = :v OR b = :v)) AND a > :v", ONE),
                holds("an attribute compared with itself", "a = a AND b = :v", ONE),
                holds("BETWEEN itself", "a BETWEEN a AND :v", ONE),
                holds("begins_with itself", "begins_with(word, word) AND a = :v", ONE),
                holds("< of a boolean value", "flag < :v", fromBool(true)),
                holds(">= of a null value", "nil >= :v", fromNul(true)),
                holds("begins_with a number", "begins_with(word, :v)", ONE),
                holds("attribute_exists of a value", "attribute_exists(:v)", ONE),
                holds("an unknown function", "attribute_missing(a) AND a = :v", ONE),
                holds("a function with too many arguments", "attribute_exists(a, b) AND a = :v", ONE),
                holds("a reserved word", "state = :v", ONE),
                holds("an arithmetic", "a = b + :v", ONE),
                holds("!=", "a != :v", ONE),
                Case.update(
                        "BETWEEN bounds of two types",
                        ITEM,
                        update -> update.conditionExpression("a BETWEEN :v AND :w")
                                .expressionAttributeValues(Map.of(":v", ONE, ":w", fromS("2")))),
                Case.update(
                        "BETWEEN bounds the wrong way round",
                        ITEM,
                        update -> update.conditionExpression("a BETWEEN :v AND :w")
                                .expressionAttributeValues(Map.of(":v", fromN("10"), ":w", fromN("9")))),
                Case.update(
                        "a key with too many attributes",
                        ITEM,
                        update -> update.key(Map.of("id", fromS("x"), "part", fromS("y"), "a", ONE))),
                Case.update("a key with too few", ITEM, update -> update.key(Map.of("id", fromS("x")))),
                Case.update("an empty key", ITEM, update -> update.key(Map.of("id", fromS(""), "part", fromS("y")))),
                Case.update("a key of another type", ITEM, update -> update.key(Map.of("id", fromS("x"), "part", ONE))),
                Case.put("a put without its key", ITEM, ITEM, put -> put.item(ITEM)),
                Case.put("a put that returns the new item", ITEM, ITEM, put -> put.returnValues("ALL_NEW")),
                Case.query("a query without a condition", ITEM, _ -> {}),
                query("a query without a partition", "begins_with(part, :v)"),
                query("a query of a range of partitions", "id > :v"),
                query("a query with OR", "id = :v OR part = :v"),
                query("a query with NOT", "id = :v AND NOT part = :v"),
                query("a query of another sort key", "id = :v AND part <> :v"),
                query("a query by another attribute", "id = :v AND a = :v"),
                Case.query(
                        "a query with no limit",
                        ITEM,
                        query -> query.keyConditionExpression("id = :v")
                                .limit(0)
                                .expressionAttributeValues(Map.of(":v", fromS("x")))));
    }

    private static Case update(String name, String expression) {
        return Case.update(name, ITEM, update -> update.updateExpression(expression));
    }

    private static Case set(String name, String expression, AttributeValue value) {
        return Case.update(
                name,
                ITEM,
                update -> update.updateExpression(expression).expressionAttributeValues(Map.of(":v", value)));
    }

    private static Case holds(String name, String condition, AttributeValue value) {
        return Case.update(
                name,
                ITEM,
                update -> update.conditionExpression(condition).expressionAttributeValues(Map.of(":v", value)));
    }

    private static Case query(String name, String condition) {
        return Case.query(
                name,
                ITEM,
                query -> query.keyConditionExpression(condition).expressionAttributeValues(Map.of(":v", fromS("x"))));
    }
}
