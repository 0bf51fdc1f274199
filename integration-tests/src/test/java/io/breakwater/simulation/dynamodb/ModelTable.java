package io.breakwater.simulation.dynamodb;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The items of one table, whose keys are strings, by partition and in the order of their sort keys. */
final class ModelTable {
    private final List<String> keyAttributes;
    private final Map<String, NavigableMap<String, Map<String, AttributeValue>>> partitions = new HashMap<>();

    ModelTable(List<String> keyAttributes) {
        this.keyAttributes = keyAttributes;
    }

    /**
     * An item's place.
     *
     * @param sort empty in a table without sort keys
     */
    record Key(String partition, String sort) {}

    /** The key in an item's attributes. */
    Key keyOf(Map<String, AttributeValue> attributes) {
        return new Key(
                keyPart(attributes, keyAttributes.getFirst()),
                keyAttributes.size() == 1 ? "" : keyPart(attributes, keyAttributes.getLast()));
    }

    /** The key in the attributes of a key, which must have no others. */
    Key key(Map<String, AttributeValue> attributes) {
        if (attributes.size() != keyAttributes.size()) {
            throw Failures.invalid("The provided key element does not match the schema");
        }
        return keyOf(attributes);
    }

    private static String keyPart(Map<String, AttributeValue> attributes, String name) {
        AttributeValue value = attributes.get(name);
        if (value == null || value.type() != AttributeValue.Type.S || value.s().isEmpty()) {
            throw Failures.invalid("One or more parameter values are not valid: the key " + name);
        }
        return value.s();
    }

    Map<String, AttributeValue> keyAttributes(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> key = new HashMap<>(item);
        key.keySet().retainAll(keyAttributes);
        return key;
    }

    @Nullable
    Map<String, AttributeValue> get(Key key) {
        return partition(key.partition()).get(key.sort());
    }

    void put(Key key, Map<String, AttributeValue> item) {
        partitions
                .computeIfAbsent(key.partition(), partition -> new TreeMap<>(Values::compare))
                .put(key.sort(), item);
    }

    void remove(Key key) {
        NavigableMap<String, Map<String, AttributeValue>> partition = partitions.get(key.partition());
        if (partition != null) {
            partition.remove(key.sort());
        }
    }

    NavigableMap<String, Map<String, AttributeValue>> partition(String partition) {
        return partitions.getOrDefault(partition, new TreeMap<>());
    }
}
