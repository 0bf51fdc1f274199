package io.breakwater.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An in-memory store that shows what it was asked and told, and fails on demand. */
final class CountingStore implements BacklogStore {
    private final InMemoryBacklogStore store = new InMemoryBacklogStore();
    final List<BacklogReport> writes = new ArrayList<>();
    int reads;
    boolean down;

    @Override
    public Optional<BacklogReport> read() {
        reads++;
        failIfDown();
        return store.read();
    }

    @Override
    public void write(BacklogReport report) {
        writes.add(report);
        failIfDown();
        store.write(report);
    }

    private void failIfDown() {
        if (down) {
            throw new IllegalStateException("store is down");
        }
    }
}
