package io.breakwater.tenant;

class InMemorySlotStoreIT extends SlotStoreContract {
    private final SlotStore store = new InMemorySlotStore();

    @Override
    SlotStore store() {
        return store;
    }
}
