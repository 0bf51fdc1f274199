package io.breakwater.breaker;

class InMemoryBreakerStoreIT extends BreakerStoreContract {
    private final BreakerStore store = new InMemoryBreakerStore();

    @Override
    BreakerStore store() {
        return store;
    }
}
