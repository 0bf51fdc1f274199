package io.breakwater.simulation.dynamodb;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What DynamoDB refuses whatever the item holds: values of types that their operators do not take. */
final class OperandTypes {
    private final Bindings bindings;

    OperandTypes(Bindings bindings) {
        this.bindings = bindings;
    }

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
            case Condition.Comparison comparison -> check(comparison);
            case Condition.Between between -> check(between);
            case Condition.BeginsWith(Operand operand, Operand prefix) -> {
                requireString("begins_with", operand);
                requireString("begins_with", prefix);
            }
            case Condition.Exists _, Condition.NotExists _ -> {}
        }
    }

    private void check(Condition.Comparison comparison) {
        switch (comparison.operator()) {
            case EQUAL, NOT_EQUAL -> {}
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> {
                requireOrdered(comparison.operator().symbol(), comparison.left());
                requireOrdered(comparison.operator().symbol(), comparison.right());
            }
        }
    }

    private void check(Condition.Between between) {
        requireOrdered("BETWEEN", between.operand());
        requireOrdered("BETWEEN", between.lower());
        requireOrdered("BETWEEN", between.upper());
        AttributeValue lower = constant(between.lower());
        AttributeValue upper = constant(between.upper());
        if (lower == null || upper == null) {
            return;
        }
        if (lower.type() != upper.type()) {
            throw new Refusal("The BETWEEN operator requires same data type for lower and upper bounds; "
                    + "lower bound operand: " + lower + ", upper bound operand: " + upper);
        }
        if (Values.compare(lower, upper) > 0) {
            throw new Refusal("The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
                    + "lower bound operand: " + lower + ", upper bound operand: " + upper);
        }
    }

    void check(Update update) {
        update.adds().forEach(addition -> requireNumber("ADD", addition.value()));
        update.sets().forEach(assignment -> check(assignment.value()));
    }

    private void check(Update.Term term) {
        switch (term) {
            case Update.Term.Of _ -> {}
            case Update.Term.IfNotExists(String _, Update.Term otherwise) -> check(otherwise);
            case Update.Term.Sum(Update.Term left, Update.Term right) -> {
                requireNumber("+", left);
                requireNumber("+", right);
            }
            case Update.Term.Difference(Update.Term left, Update.Term right) -> {
                requireNumber("-", left);
                requireNumber("-", right);
            }
        }
    }

    private void requireNumber(String operator, Update.Term term) {
        if (term instanceof Update.Term.Of(Operand operand)) {
            requireNumber(operator, operand);
        } else {
            check(term);
        }
    }

    private void requireNumber(String operator, Operand operand) {
        AttributeValue value = constant(operand);
        if (value != null && value.type() != AttributeValue.Type.N) {
            throw incorrect(operator, value);
        }
    }

    private void requireString(String operator, Operand operand) {
        AttributeValue value = constant(operand);
        if (value != null && value.type() != AttributeValue.Type.S) {
            throw incorrect(operator, value);
        }
    }

    private void requireOrdered(String operator, Operand operand) {
        AttributeValue value = constant(operand);
        if (value != null && !Values.ordered(value)) {
            throw incorrect(operator, value);
        }
    }

    private @Nullable AttributeValue constant(Operand operand) {
        return operand instanceof Operand.Value value ? bindings.get(value) : null;
    }

    private static Refusal incorrect(String operator, AttributeValue value) {
        return new Refusal("Incorrect operand type for operator or function; operator or function: " + operator
                + ", operand type: " + value.type());
    }
}
