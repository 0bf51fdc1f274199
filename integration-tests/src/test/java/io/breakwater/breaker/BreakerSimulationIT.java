package io.breakwater.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.simulation.Hits;
import io.breakwater.simulation.Seeds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@link BreakerSimulation} on many seeds. {@code -Dsimulation.seed=N} runs one of them again; {@code
 * -Dsimulation.seeds=N} sets how many there are.
 */
@Tag("simulation")
class BreakerSimulationIT {
    private static final long SEEDS = Long.getLong("simulation.seeds", 10_000);

    @Test
    void noSeedBreaksAnInvariantAndEverythingHappens() {
        Hits hits = new Hits(expected());
        Long one = Long.getLong("simulation.seed");

        Seeds.run(
                one == null ? 0 : one,
                one == null ? SEEDS : 1,
                seed -> new BreakerSimulation(seed, BreakerSimulation.Variant.SHIPPED, hits).run());

        System.out.println("What happened over all seeds:\n" + hits);
        assertThat(one == null ? hits.misses() : List.of()).as("never happened").isEmpty();
    }

    private static List<String> expected() {
        List<String> expected = new ArrayList<>(List.of(
                "transition CLOSED → OPEN FAILURE_RATE",
                "transition CLOSED → OPEN CONSECUTIVE_FAILURES",
                "transition CLOSED → OPEN DAILY_QUOTA",
                "transition CLOSED → DISABLED END_OF_LIFE",
                "transition CLOSED → OPEN OPERATOR",
                "transition CLOSED → OPEN REGION",
                "transition CLOSED → CLOSED",
                "transition OPEN → HALF_OPEN(1)",
                "transition OPEN → OPEN OPERATOR",
                "transition OPEN → CLOSED",
                "transition DISABLED → HALF_OPEN(1)",
                "transition HALF_OPEN → HALF_OPEN(5)",
                "transition HALF_OPEN → HALF_OPEN(10)",
                "transition HALF_OPEN → CLOSED",
                "transition HALF_OPEN → OPEN PROBE_FAILED",
                "opened for a rate that complete information shows",
                "opened for a row that complete information shows",
                "region HEALTHY → UNHEALTHY",
                "region UNHEALTHY → HEALTHY",
                "region judged by one, as another left it undone",
                "died while it judged a region, having moved",
                "died while it judged a region, having heard",
                "call of a worker alone",
                "back in touch with the store"));
        for (String request : List.of(
                "read", "count", "move", "grant", "settle", "reserve", "remember", "region read", "region write")) {
            expected.add("died before a " + request);
            expected.add("died after a " + request + " was made");
            expected.add("died after a " + request + " was answered");
            expected.add("lost request: " + request);
            expected.add("late request: " + request);
            expected.add("lost answer: " + request);
            expected.add("store down at a " + request);
        }
        for (String request : List.of("count", "move", "grant", "settle", "reserve", "region write")) {
            expected.add("lost race: " + request);
        }
        return expected;
    }
}
