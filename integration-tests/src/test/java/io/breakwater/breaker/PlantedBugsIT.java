package io.breakwater.breaker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.simulation.Hits;
import io.breakwater.simulation.Seeds;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each {@link PlantedBug} must be found by the simulation within some hundred seeds: one that survives fails the build. */
@Tag("simulation")
class PlantedBugsIT {
    private static final long SEEDS = 1_000;

    @ParameterizedTest
    @EnumSource
    void isFound(PlantedBug bug) {
        Hits hits = new Hits(List.of());

        assertThatThrownBy(() -> Seeds.run(0, SEEDS, seed -> new BreakerSimulation(seed, bug.variant(), hits).run()))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("seed ");
    }
}
