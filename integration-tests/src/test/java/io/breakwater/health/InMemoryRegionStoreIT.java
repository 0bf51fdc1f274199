package io.breakwater.health;

class InMemoryRegionStoreIT extends RegionStoreContract {
    private final RegionStore store = new InMemoryRegionStore();

    @Override
    RegionStore store() {
        return store;
    }
}
