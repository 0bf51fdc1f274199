package io.breakwater.simulation.dynamodb;

import io.breakwater.simulation.dynamodb.KeySchema.ItemKey;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A table's items by partition, each partition in the order of its sort keys. */
final class ModelTable {
    private final String name;
    private final KeySchema schema;
    private final Map<String, NavigableMap<String, VersionedItem>> partitions = new HashMap<>();

    ModelTable(String name, KeySchema schema) {
        this.name = name;
        this.schema = schema;
    }

    String name() {
        return name;
    }

    KeySchema schema() {
        return schema;
    }

    VersionedItem item(Map<String, AttributeValue> key) {
        return item(schema.key(key));
    }

    VersionedItem item(ItemKey key) {
        return partitions
                .computeIfAbsent(key.partition(), _ -> new TreeMap<>(Values::compare))
                .computeIfAbsent(key.sort(), _ -> new VersionedItem());
    }

    Stream<VersionedItem> partition(String partition, boolean forward) {
        NavigableMap<String, VersionedItem> items = partitions.get(partition);
        if (items == null) {
            return Stream.empty();
        }
        return (forward ? items : items.descendingMap()).values().stream();
    }
}
