package io.breakwater.simulation.dynamodb;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A query's key condition.
 *
 * @param sort what must hold of the sort key
 */
record KeyCondition(Operand.Value partition, Optional<Condition> sort) {

    static KeyCondition of(Condition condition, KeySchema schema) {
        Operand.Value partition = partition(condition, schema);
        if (partition != null) {
            return new KeyCondition(partition, Optional.empty());
        }
        if (condition instanceof Condition.And(Condition left, Condition right)) {
            Operand.Value first = partition(left, schema);
            if (first != null) {
                return new KeyCondition(first, Optional.of(onSortKey(right, schema)));
            }
            Operand.Value second = partition(right, schema);
            if (second != null) {
                return new KeyCondition(second, Optional.of(onSortKey(left, schema)));
            }
        }
        throw new Refusal("Query key condition not supported");
    }

    private static Operand.@Nullable Value partition(Condition condition, KeySchema schema) {
        return condition
                                instanceof
                                Condition.Comparison(
                                        Operand.Attribute(String name),
                                        Condition.Operator operator,
                                        Operand.Value value)
                        && operator == Condition.Operator.EQUAL
                        && name.equals(schema.partition())
                ? value
                : null;
    }

    private static Condition onSortKey(Condition condition, KeySchema schema) {
        Operand operand = switch (condition) {
            case Condition.Comparison(Operand left, Condition.Operator operator, Operand.Value _)
            when operator != Condition.Operator.NOT_EQUAL -> left;
            case Condition.Between(Operand left, Operand.Value _, Operand.Value _) -> left;
            case Condition.BeginsWith(Operand left, Operand.Value _) -> left;
            default -> throw new Refusal("Query key condition not supported");
        };
        if (!(operand instanceof Operand.Attribute(String name))
                || !name.equals(schema.sort().orElse(null))) {
            throw new Refusal("Query key condition not supported");
        }
        return condition;
    }
}
