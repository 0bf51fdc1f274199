package io.breakwater.simulation.dynamodb;

import io.breakwater.topology.TableSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The names of a table's key attributes, which are strings. */
record KeySchema(String partition, Optional<String> sort) {

    static KeySchema of(TableSpec table) {
        return new KeySchema(table.partitionKey(), table.sortKey());
    }

    boolean contains(String attribute) {
        return attribute.equals(partition) || attribute.equals(sort.orElse(null));
    }

    /** The key given for a read, an update or a removal: the key attributes and no others. */
    ItemKey key(Map<String, AttributeValue> key) {
        if (key.size() != (sort.isPresent() ? 2 : 1)
                || !isString(key.get(partition))
                || sort.filter(name -> !isString(key.get(name))).isPresent()) {
            throw new Refusal("The provided key element does not match the schema");
        }
        return keyIn(key);
    }

    /** The key in an item to be put. */
    ItemKey keyIn(Map<String, AttributeValue> item) {
        return new ItemKey(
                part(item, partition), sort.map(name -> part(item, name)).orElse(""));
    }

    Map<String, AttributeValue> keyOnly(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> key = new HashMap<>(item);
        key.keySet().removeIf(name -> !contains(name));
        return key;
    }

    private static String part(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw new Refusal("One or more parameter values were invalid: Missing the key " + name + " in the item");
        }
        if (!isString(value)) {
            throw new Refusal("One or more parameter values were invalid: Type mismatch for key " + name
                    + " expected: S actual: " + value.type());
        }
        if (value.s().isEmpty()) {
            throw new Refusal("One or more parameter values are not valid. The AttributeValue for a key attribute "
                    + "cannot contain an empty string value. Key: " + name);
        }
        return value.s();
    }

    private static boolean isString(@Nullable AttributeValue value) {
        return value != null && value.type() == AttributeValue.Type.S;
    }

    /**
     * An item's place in its table.
     *
     * @param sort empty in a table without a sort key
     */
    record ItemKey(String partition, String sort) {}
}
