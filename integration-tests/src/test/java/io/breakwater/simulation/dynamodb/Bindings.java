package io.breakwater.simulation.dynamodb;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a request's placeholders stand for: exactly the placeholders of its expressions. */
record Bindings(Map<String, String> names, Map<String, AttributeValue> values) {

    void check(List<? extends Expression<?>> expressions) {
        for (Expression<?> expression : expressions) {
            for (String placeholder : expression.placeholders()) {
                if (!names.containsKey(placeholder) && !values.containsKey(placeholder)) {
                    throw Failures.invalid("An expression attribute used in expression is not defined: " + placeholder);
                }
            }
        }
        names.keySet().forEach(name -> checkUsed(name, expressions));
        values.forEach((name, value) -> {
            checkUsed(name, expressions);
            Values.stored(value);
        });
    }

    private static void checkUsed(String placeholder, List<? extends Expression<?>> expressions) {
        for (Expression<?> expression : expressions) {
            if (expression.placeholders().contains(placeholder)) {
                return;
            }
        }
        throw Failures.invalid("Value provided in ExpressionAttribute unused in expressions: " + placeholder);
    }

    String name(Operand.Path path) {
        return path.text().startsWith("#") ? defined(names.get(path.text()), path.text()) : path.text();
    }

    AttributeValue value(Operand.Value value) {
        return defined(values.get(value.text()), value.text());
    }

    @Nullable
    AttributeValue in(Map<String, AttributeValue> item, Operand operand) {
        return switch (operand) {
            case Operand.Path path -> item.get(name(path));
            case Operand.Value value -> value(value);
        };
    }

    private static <T> T defined(@Nullable T meaning, String placeholder) {
        if (meaning == null) {
            throw Failures.invalid("An expression attribute used in expression is not defined: " + placeholder);
        }
        return meaning;
    }
}
