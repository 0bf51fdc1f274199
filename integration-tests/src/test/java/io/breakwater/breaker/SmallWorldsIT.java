package io.breakwater.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every world that a few workers can get a breaker into, in every order of what they do, lose and leave undone. */
@Tag("simulation")
class SmallWorldsIT {
    @ParameterizedTest(name = "{0} workers that want {1} calls each within {2} minutes")
    @CsvSource({"2, 2, 3", "3, 1, 2"})
    void everyWorldHoldsAndCanRecover(int workers, int calls, int minutes) {
        SmallWorld first = SmallWorld.open(workers, calls);
        Set<SmallWorld> known = new HashSet<>(Set.of(first));
        Queue<SmallWorld> unseen = new ArrayDeque<>(known);
        int closed = 0;
        while (!unseen.isEmpty()) {
            SmallWorld world = unseen.remove();
            assertThat(world.flaw()).as("in %s", world).isEmpty();
            assertThat(world.canRecover()).as("can recover: %s", world).isTrue();
            closed += world.stored() instanceof BreakerState.Closed ? 1 : 0;
            for (SmallWorld next : world.next(minutes)) {
                assertThat(world.flawTo(next)).as("from %s to %s", world, next).isEmpty();
                if (known.add(next)) {
                    unseen.add(next);
                }
            }
        }
        System.out.printf("%,d worlds of %d workers, %,d of them closed%n", known.size(), workers, closed);
        assertThat(closed).isPositive();
    }
}
