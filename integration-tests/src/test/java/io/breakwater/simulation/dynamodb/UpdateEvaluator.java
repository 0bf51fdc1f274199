package io.breakwater.simulation.dynamodb;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What an update makes of an item. Every clause reads the item as it was before the update.
 *
 * @param item holds at least the key
 */
record UpdateEvaluator(Map<String, AttributeValue> item, Bindings bindings) {

    Map<String, AttributeValue> updated(Update update) {
        Map<String, AttributeValue> updated = new HashMap<>(item);
        update.sets().forEach(set -> updated.put(set.attribute(), value(set.value())));
        update.adds().forEach(add -> updated.put(add.attribute(), added(add)));
        update.removes().forEach(updated::remove);
        return Collections.unmodifiableMap(updated);
    }

    private AttributeValue added(Update.Addition addition) {
        AttributeValue value = bindings.get(addition.value());
        AttributeValue present = item.get(addition.attribute());
        return present == null ? value : AttributeValue.fromN(Numbers.sum(number(present), number(value)));
    }

    private AttributeValue value(Update.Term term) {
        return switch (term) {
            case Update.Term.Of(Operand.Value value) -> bindings.get(value);
            case Update.Term.Of(Operand.Attribute(String name)) -> attribute(name);
            case Update.Term.IfNotExists(String attribute, Update.Term otherwise) ->
                // Evaluated even where it is not wanted: a missing attribute in it is refused all the same.
                item.getOrDefault(attribute, value(otherwise));
            case Update.Term.Sum(Update.Term left, Update.Term right) ->
                AttributeValue.fromN(Numbers.sum(number(value(left)), number(value(right))));
            case Update.Term.Difference(Update.Term left, Update.Term right) ->
                AttributeValue.fromN(Numbers.difference(number(value(left)), number(value(right))));
        };
    }

    private AttributeValue attribute(String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw new Refusal("The provided expression refers to an attribute that does not exist in the item");
        }
        return value;
    }

    private static String number(AttributeValue value) {
        if (value.type() != AttributeValue.Type.N) {
            throw new Refusal("An operand in the update expression has an incorrect data type");
        }
        return value.n();
    }
}
