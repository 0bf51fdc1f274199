package io.breakwater.topology;

import java.util.List;
import java.util.Optional;

/**
 * A DynamoDB table: on-demand, all key attributes strings.
 *
 * @param name the table's name in the local pipeline, and its construct id when deployed
 * @param ttlAttribute the attribute with the item's expiry in epoch seconds
 */
public record TableSpec(
        String name, String partitionKey, Optional<String> sortKey, String ttlAttribute, List<Index> indexes) {

    /** A global secondary index that projects only keys. */
    public record Index(String name, String partitionKey, String sortKey) {}
}
