package io.breakwater.simulation.dynamodb;

import io.breakwater.simulation.dynamodb.Condition.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Checks conditions, as far as DynamoDB does without the item, and evaluates them on an item. */
record Conditions(Bindings bindings) {

    void check(Condition condition) {
        switch (condition) {
            case Condition.And(Condition left, Condition right) -> {
                check(left);
                check(right);
            }
            case Condition.Or(Condition left, Condition right) -> {
                check(left);
                check(right);
            }
            case Condition.Not(Condition negated) -> check(negated);
            case Condition.Exists(Operand.Path path) -> bindings.name(path);
            case Condition.BeginsWith(Operand operand, Operand prefix) -> {
                checkDistinct(operand, prefix);
                checkText(operand);
                checkText(prefix);
            }
            case Condition.Between(Operand operand, Operand low, Operand high) -> {
                checkDistinct(operand, low);
                checkDistinct(operand, high);
                checkOrdered(operand);
                checkOrdered(low);
                checkOrdered(high);
                checkBounds(low, high);
            }
            case Condition.Compare(Operand left, Comparator comparator, Operand right) -> {
                checkDistinct(left, right);
                if (comparator != Comparator.EQUAL && comparator != Comparator.NOT_EQUAL) {
                    checkOrdered(left);
                    checkOrdered(right);
                }
            }
        }
    }

    private void checkDistinct(Operand left, Operand right) {
        boolean same = (left instanceof Operand.Path a && right instanceof Operand.Path b)
                ? bindings.name(a).equals(bindings.name(b))
                : left.equals(right);
        if (same) {
            throw Failures.invalid("The first operand must be distinct from the remaining operands");
        }
    }

    private void checkText(Operand operand) {
        if (operand instanceof Operand.Value value && bindings.value(value).type() != AttributeValue.Type.S) {
            throw Failures.invalid("Incorrect operand type for operator or function: " + operand);
        }
    }

    private void checkOrdered(Operand operand) {
        if (operand instanceof Operand.Value value) {
            AttributeValue given = bindings.value(value);
            if (!Values.comparable(given, given)) {
                throw Failures.invalid("Incorrect operand type for operator or function: " + operand);
            }
        }
    }

    private void checkBounds(Operand low, Operand high) {
        if (low instanceof Operand.Value lowest && high instanceof Operand.Value highest) {
            AttributeValue from = bindings.value(lowest);
            AttributeValue to = bindings.value(highest);
            if (!Values.comparable(from, to) || Values.compare(from, to) > 0) {
                throw Failures.invalid(
                        "The BETWEEN operator requires bounds of one type, the upper one not the lesser");
            }
        }
    }

    boolean test(Condition condition, Map<String, AttributeValue> item) {
        return switch (condition) {
            case Condition.And(Condition left, Condition right) -> test(left, item) && test(right, item);
            case Condition.Or(Condition left, Condition right) -> test(left, item) || test(right, item);
            case Condition.Not(Condition negated) -> !test(negated, item);
            case Condition.Exists(Operand.Path path) -> item.containsKey(bindings.name(path));
            case Condition.BeginsWith(Operand operand, Operand prefix) ->
                beginsWith(bindings.in(item, operand), bindings.in(item, prefix));
            case Condition.Between(Operand operand, Operand low, Operand high) -> {
                AttributeValue value = bindings.in(item, operand);
                yield compare(Comparator.GREATER_OR_EQUAL, value, bindings.in(item, low))
                        && compare(Comparator.LESS_OR_EQUAL, value, bindings.in(item, high));
            }
            case Condition.Compare(Operand left, Comparator comparator, Operand right) ->
                compare(comparator, bindings.in(item, left), bindings.in(item, right));
        };
    }

    private static boolean beginsWith(@Nullable AttributeValue value, @Nullable AttributeValue prefix) {
        return value != null
                && prefix != null
                && value.type() == AttributeValue.Type.S
                && prefix.type() == AttributeValue.Type.S
                && value.s().startsWith(prefix.s());
    }

    private static boolean compare(
            Comparator comparator, @Nullable AttributeValue left, @Nullable AttributeValue right) {
        return switch (comparator) {
            case EQUAL -> Values.equal(left, right);
            case NOT_EQUAL -> !Values.equal(left, right);
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> {
                if (left == null || right == null || !Values.comparable(left, right)) {
                    yield false;
                }
                int order = Values.compare(left, right);
                yield switch (comparator) {
                    case LESS -> order < 0;
                    case LESS_OR_EQUAL -> order <= 0;
                    case GREATER -> order > 0;
                    default -> order >= 0;
                };
            }
        };
    }
}
