package io.breakwater.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.tenant.FairnessSimulation.Flood;
import io.breakwater.tenant.FairnessSimulation.Outcome;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Twenty invocations of ten jobs at a time. One tenant floods them, the other has a job a minute. */
class FairnessSimulationIT {
    private static final Logger LOG = LoggerFactory.getLogger(FairnessSimulationIT.class);
    private static final int JOBS = 10_000;

    @Test
    void withoutALimitOneJobWaitsBehindTenThousand() {
        Outcome outcome = run(Flood.of(JOBS, OptionalInt.empty()));

        assertThat(outcome.medianWaitOfB()).isGreaterThan(Duration.ofMinutes(5));
        assertThat(outcome.requests()).doesNotContainKey("SlotStore.apply.Take");
    }

    @Test
    void withALimitOneJobDoesNotWaitBehindTenThousandAndTheyDoNotMakeTheFleetSpin() {
        Outcome outcome = run(Flood.of(JOBS, OptionalInt.of(20)));

        assertThat(outcome.longestWaitOfB()).isLessThan(Duration.ofSeconds(5));
        assertThat(outcome.medianWaitOfB()).isLessThan(Duration.ofSeconds(1));
        assertThat(outcome.mostInFlightOfA()).isEqualTo(20);
        assertThat(outcome.utilisation()).isGreaterThan(0.85);
        assertThat(outcome.mostPutOffInASecond()).isLessThan(100);
        assertThat(outcome.putOff()).isLessThan(5 * JOBS);
    }

    /** A job that is served needs a slot and gives it back; one that is put off does not always have to ask. */
    @Test
    void aJobCostsTwoWritesMoreWhileItsTenantIsWithinTheLimit() {
        Outcome outcome = run(Flood.of(20, OptionalInt.of(20)));

        assertThat(outcome.putOff()).isZero();
        assertThat(outcome.requests())
                .containsEntry("SlotStore.apply.Take", 21)
                .containsEntry("SlotStore.apply.Give", 21)
                .doesNotContainKey("SlotStore.apply.JoinLine");
    }

    @Test
    void oneAtATimeAreServedInTurn() {
        Outcome outcome = run(Flood.of(200, OptionalInt.of(1)));

        assertThat(outcome.mostInFlightOfA()).isEqualTo(1);
        assertThat(outcome.utilisation()).isGreaterThan(0.6);
        assertThat(outcome.mostPutOffInASecond()).isLessThan(10);
    }

    @Test
    void freshJobsDoNotKeepThoseThatWaitFromTheirTurn() {
        Outcome outcome = run(Flood.of(500, OptionalInt.of(10)).then(55));

        // 81 minutes without the slots that are left to the line.
        assertThat(outcome.lastOfA()).isLessThan(Duration.ofMinutes(50));
    }

    @Test
    void slowJobsDoNotMakeTheFleetSpinEither() {
        Outcome outcome = run(Flood.of(2_000, OptionalInt.of(10)).holding(Duration.ofSeconds(50)));

        assertThat(outcome.longestWaitOfB()).isLessThan(Duration.ofSeconds(10));
        assertThat(outcome.mostPutOffInASecond()).isLessThan(40);
        assertThat(outcome.utilisation()).isGreaterThan(0.85);
    }

    private static Outcome run(Flood flood) {
        Outcome outcome = new FairnessSimulation(flood, 1).run();
        LOG.info("{}: {}", flood, outcome);
        return outcome;
    }
}
