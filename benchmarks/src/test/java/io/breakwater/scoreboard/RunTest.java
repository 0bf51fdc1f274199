package io.breakwater.scoreboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunTest {
    private static final Duration CALL_TIME = Duration.ofSeconds(10);

    @Test
    void ofAFailingEndpointOursBlocksAllButTheProbes() {
        Figures ours = Run.of(Contestant.BREAKWATER, tenEnvironments(0.9));

        assertThat(ours.toOpen()).isLessThan(20);
        assertThat(ours.blocked()).isGreaterThan(0.98);
        assertThat(ours.probesBeyond()).isZero();
        assertThat(ours.trips()).isOne();
    }

    @Test
    void aHealthyEndpointStaysOpenToAllContestants() {
        assertThat(Contestant.ALL).allSatisfy(contestant -> {
            Figures figures = Run.of(contestant, tenEnvironments(0));

            assertThat(figures.toOpen()).isInfinite();
            assertThat(figures.refusedGood()).isZero();
            assertThat(figures.failed()).isZero();
        });
    }

    @Test
    void allContestantsHaveTheSameLuck() {
        Plan plan = tenEnvironments(0.2);

        Figures without = Run.of(Contestant.NO_BREAKER, plan);

        assertThat(Contestant.ALL)
                .allSatisfy(contestant ->
                        assertThat(Run.of(contestant, plan).wanted()).isEqualTo(without.wanted()));
    }

    private static Plan tenEnvironments(double failing) {
        return Plan.of(
                10,
                Plan.Traffic.tenConcurrent(CALL_TIME),
                Service.throttling(failing, CALL_TIME),
                Duration.ofMinutes(3),
                7);
    }
}
