package io.breakwater.pacing;

class InMemoryPaceStoreIT extends PaceStoreContract {
    private final PaceStore store = new InMemoryPaceStore();

    @Override
    PaceStore store() {
        return store;
    }
}
