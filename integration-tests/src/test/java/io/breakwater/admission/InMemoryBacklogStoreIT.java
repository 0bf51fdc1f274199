package io.breakwater.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InMemoryBacklogStoreIT extends BacklogStoreContract {
    private final BacklogStore store = new InMemoryBacklogStore();

    @Override
    BacklogStore store() {
        return store;
    }

    @Test
    void hasNoReportAtFirst() {
        assertThat(store.read()).isEmpty();
    }
}
