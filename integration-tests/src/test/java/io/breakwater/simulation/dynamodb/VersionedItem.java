package io.breakwater.simulation.dynamodb;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** One item and what it was before, newest first; an empty map where there was none. */
final class VersionedItem {
    private static final int KEPT = 64;
    private static final Version ABSENT = new Version(Instant.MIN, Map.of());

    private final Deque<Version> versions = new ArrayDeque<>();

    Map<String, AttributeValue> now() {
        return versions.isEmpty() ? Map.of() : versions.getFirst().item();
    }

    /** The item as it stood then, or the oldest version kept. */
    Map<String, AttributeValue> asOf(Instant time) {
        for (Version version : versions) {
            if (!version.since().isAfter(time)) {
                return version.item();
            }
        }
        return versions.isEmpty() ? Map.of() : versions.getLast().item();
    }

    void write(Map<String, AttributeValue> item, Instant at) {
        if (versions.isEmpty()) {
            versions.add(ABSENT);
        }
        versions.addFirst(new Version(at, item));
        if (versions.size() > KEPT) {
            versions.removeLast();
        }
    }

    private record Version(Instant since, Map<String, AttributeValue> item) {}
}
