package io.breakwater.simulation.pipeline;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.job.InMemoryJobStore;
import io.breakwater.simulation.Hits;
import io.breakwater.simulation.Seeds;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each {@link PlantedPipelineBug} must be found by the simulation: one that survives fails the build. */
@Tag("simulation")
class PlantedPipelineBugsIT {
    private static final long SEEDS = 1_000;

    @ParameterizedTest
    @EnumSource
    void isFound(PlantedPipelineBug bug) {
        Hits hits = new Hits(List.of());

        assertThatThrownBy(() -> Seeds.run(
                        1,
                        SEEDS,
                        seed -> new PipelineSimulation(
                                        bug.scenario(), bug.wiring(), InMemoryJobStore::new, "memory", seed, hits)
                                .run()))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("seed ");
    }
}
