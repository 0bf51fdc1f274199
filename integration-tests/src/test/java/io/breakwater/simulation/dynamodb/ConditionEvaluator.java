package io.breakwater.simulation.dynamodb;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Whether a condition holds of an item.
 *
 * <p>A missing attribute and a value of another type stand in no relation to a value: every comparison with them is
 * false, but for {@code <>}, which is true whenever {@code =} is not.
 *
 * @param item empty when there is none
 */
record ConditionEvaluator(Map<String, AttributeValue> item, Bindings bindings) {

    boolean holds(Condition condition) {
        return switch (condition) {
            case Condition.And(Condition left, Condition right) -> holds(left) && holds(right);
            case Condition.Or(Condition left, Condition right) -> holds(left) || holds(right);
            case Condition.Not(Condition negated) -> !holds(negated);
            case Condition.Comparison(Operand left, Condition.Operator operator, Operand right) ->
                holds(value(left), operator, value(right));
            case Condition.Between(Operand operand, Operand lower, Operand upper) -> {
                AttributeValue value = value(operand);
                yield holds(value, Condition.Operator.GREATER_OR_EQUAL, value(lower))
                        && holds(value, Condition.Operator.LESS_OR_EQUAL, value(upper));
            }
            case Condition.BeginsWith(Operand operand, Operand prefix) -> beginsWith(value(operand), value(prefix));
            case Condition.Exists(String attribute) -> item.containsKey(attribute);
            case Condition.NotExists(String attribute) -> !item.containsKey(attribute);
        };
    }

    private static boolean holds(
            @Nullable AttributeValue left, Condition.Operator operator, @Nullable AttributeValue right) {
        return switch (operator) {
            case EQUAL -> equal(left, right);
            case NOT_EQUAL -> !equal(left, right);
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                left != null
                        && right != null
                        && left.type() == right.type()
                        && Values.ordered(left)
                        && operator.holds(Values.compare(left, right));
        };
    }

    private static boolean equal(@Nullable AttributeValue left, @Nullable AttributeValue right) {
        return left != null && right != null && Values.equal(left, right);
    }

    private static boolean beginsWith(@Nullable AttributeValue value, @Nullable AttributeValue prefix) {
        return value != null
                && prefix != null
                && value.type() == AttributeValue.Type.S
                && prefix.type() == AttributeValue.Type.S
                && value.s().startsWith(prefix.s());
    }

    private @Nullable AttributeValue value(Operand operand) {
        return switch (operand) {
            case Operand.Attribute(String name) -> item.get(name);
            case Operand.Value value -> bindings.get(value);
        };
    }
}
