package io.breakwater.simulation.dynamodb;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A request's expression values by their placeholders: each defined one used, each used one defined. */
record Bindings(Map<String, AttributeValue> values) {

    /**
     * @param names the request's names, null when it has none
     * @param values the request's values, null when it has none
     */
    static Bindings of(
            List<Parsed<?>> expressions,
            @Nullable Map<String, String> names,
            @Nullable Map<String, AttributeValue> values) {
        check("ExpressionAttributeNames", expressions, names);
        check("ExpressionAttributeValues", expressions, values);
        Set<String> defined = values == null ? Set.of() : values.keySet();
        Set<String> usedNames = new HashSet<>();
        Set<String> usedValues = new HashSet<>();
        for (Parsed<?> expression : expressions) {
            usedNames.addAll(expression.names());
            usedValues.addAll(expression.values());
        }
        for (String value : usedValues) {
            if (!defined.contains(value)) {
                throw new Refusal(
                        "An expression attribute value used in expression is not defined; attribute value: " + value);
            }
        }
        refuseUnused("ExpressionAttributeNames", names == null ? Set.of() : names.keySet(), usedNames);
        refuseUnused("ExpressionAttributeValues", defined, usedValues);
        return new Bindings(values == null ? Map.of() : Values.normalised(values));
    }

    private static void check(String what, List<Parsed<?>> expressions, @Nullable Map<String, ?> given) {
        if (given == null) {
            return;
        }
        if (expressions.isEmpty()) {
            throw new Refusal(what + " can only be specified when using expressions");
        }
        if (given.isEmpty()) {
            throw new Refusal(what + " must not be empty");
        }
    }

    private static void refuseUnused(String what, Set<String> defined, Set<String> used) {
        if (defined.size() > used.size()) {
            Set<String> unused = new TreeSet<>(defined);
            unused.removeAll(used);
            throw new Refusal("Value provided in " + what + " unused in expressions: keys: " + unused);
        }
    }

    AttributeValue get(Operand.Value value) {
        return Objects.requireNonNull(values.get(value.placeholder()), value.placeholder());
    }
}
