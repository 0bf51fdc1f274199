package io.breakwater.simulation.dynamodb;

import io.breakwater.simulation.dynamodb.Update.Clause;
import io.breakwater.simulation.dynamodb.Update.Term;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Checks updates, as far as DynamoDB does without the item, and applies them to an item. */
record Updates(Bindings bindings) {

    void check(Update update, List<String> keyAttributes) {
        Set<String> targets = new HashSet<>();
        for (Clause clause : update.clauses()) {
            String target = bindings.name(clause.target());
            if (!targets.add(target)) {
                throw Failures.invalid("Two document paths overlap with each other: " + target);
            }
            if (keyAttributes.contains(target)) {
                throw Failures.invalid(
                        "Cannot update attribute %s. This attribute is part of the key".formatted(target));
            }
            switch (clause) {
                case Clause.Set(Operand.Path path, Term term) -> checkTerm(term);
                case Clause.Add(Operand.Path path, Operand.Value value) -> checkNumber(value);
                case Clause.Remove(Operand.Path path) -> {}
            }
        }
    }

    private void checkTerm(Term term) {
        if (term instanceof Term.Sum(Term left, Term right, boolean minus)) {
            checkSummand(left);
            checkSummand(right);
        }
    }

    private void checkSummand(Term term) {
        switch (term) {
            case Term.Plain(Operand operand) -> checkNumber(operand);
            case Term.IfNotExists(Operand.Path path, Operand fallback) -> checkNumber(fallback);
            case Term.Sum sum -> checkTerm(sum);
        }
    }

    private void checkNumber(Operand operand) {
        if (operand instanceof Operand.Value value && bindings.value(value).type() != AttributeValue.Type.N) {
            throw Failures.invalid("Incorrect operand type for operator or function: " + operand);
        }
    }

    /** The item after the update; every clause sees the item before it. */
    Map<String, AttributeValue> apply(Update update, Map<String, AttributeValue> item) {
        Map<String, AttributeValue> next = new HashMap<>(item);
        for (Clause clause : update.clauses()) {
            String target = bindings.name(clause.target());
            switch (clause) {
                case Clause.Set(Operand.Path path, Term term) -> next.put(target, Values.stored(result(term, item)));
                case Clause.Add(Operand.Path path, Operand.Value value) -> {
                    AttributeValue old = item.get(target);
                    BigDecimal sum =
                            Values.decimal(bindings.value(value)).add(old == null ? BigDecimal.ZERO : number(old));
                    next.put(target, Values.number(sum));
                }
                case Clause.Remove(Operand.Path path) -> next.remove(target);
            }
        }
        return next;
    }

    private AttributeValue result(Term term, Map<String, AttributeValue> item) {
        return switch (term) {
            case Term.Plain(Operand operand) -> present(bindings.in(item, operand), operand);
            case Term.IfNotExists(Operand.Path path, Operand fallback) -> {
                AttributeValue value = bindings.in(item, path);
                yield value == null ? present(bindings.in(item, fallback), fallback) : value;
            }
            case Term.Sum(Term left, Term right, boolean minus) -> {
                BigDecimal first = number(result(left, item));
                BigDecimal second = number(result(right, item));
                yield Values.number(minus ? first.subtract(second) : first.add(second));
            }
        };
    }

    private static AttributeValue present(@Nullable AttributeValue value, Operand operand) {
        if (value == null) {
            throw Failures.invalid(
                    "The provided expression refers to an attribute that does not exist in the item: " + operand);
        }
        return value;
    }

    private static BigDecimal number(AttributeValue value) {
        if (value.type() != AttributeValue.Type.N) {
            throw Failures.invalid("An operand in the update expression has an incorrect data type");
        }
        return Values.decimal(value);
    }
}
