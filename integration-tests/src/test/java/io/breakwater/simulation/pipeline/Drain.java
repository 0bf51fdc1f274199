package io.breakwater.simulation.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

/**
 * How what had waited was served when the models were back.
 *
 * @param waiting jobs that were waiting then
 * @param time from then until the last of them had ended
 * @param openings breakers that opened since
 */
record Drain(int waiting, Duration time, List<PipelineSimulation.Opening> openings) {
    private static final Duration LONGEST = Duration.ofMinutes(45);

    void check() {
        assertThat(openings).as("breakers that opened after the recovery").isEmpty();
        assertThat(time).as("time in which %d jobs were served", waiting).isLessThan(LONGEST);
    }

    @Override
    public String toString() {
        return "after an outage: %,d jobs served in %d min %d s, %d breakers opened meanwhile"
                .formatted(waiting, time.toMinutes(), time.toSecondsPart(), openings.size());
    }
}
