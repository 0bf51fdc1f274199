package io.breakwater.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.chaos.FaultyStores.Store;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChaosPlanTest {
    @Test
    void theShortestRunHasEveryKindOfFaultAtEveryStoreWhateverTheSeed() {
        for (long seed = 0; seed < 1_000; seed++) {
            List<ChaosPlan.Event> events = ChaosPlan.of(seed, 400).events();

            assertThat(events).as("seed %d", seed).hasAtLeastOneElementOfType(ChaosPlan.Kill.class);
            assertThat(events)
                    .as("seed %d", seed)
                    .filteredOn(ChaosPlan.ModelFault.class::isInstance)
                    .extracting(event -> ((ChaosPlan.ModelFault) event).fault())
                    .containsAll(ChaosPlan.FIRST_MODEL_FAULTS);
            assertThat(events)
                    .as("seed %d", seed)
                    .filteredOn(ChaosPlan.StoreFault.class::isInstance)
                    .extracting(event -> ((ChaosPlan.StoreFault) event).store())
                    .contains(Store.values());
            assertThat(events)
                    .as("seed %d", seed)
                    .filteredOn(ChaosPlan.StoreFault.class::isInstance)
                    .extracting(event -> ((ChaosPlan.StoreFault) event).fault().kind())
                    .contains(FaultyProxy.Kind.values());
        }
    }
}
