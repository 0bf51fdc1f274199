package io.breakwater.result;

class InMemoryResultStoreIT extends ResultStoreContract {
    private final ResultStore store = new InMemoryResultStore();

    @Override
    ResultStore store() {
        return store;
    }
}
