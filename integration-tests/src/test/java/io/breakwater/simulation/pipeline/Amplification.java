package io.breakwater.simulation.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.BreakerSettings;

/**
 * What was called where every call fails.
 *
 * @param calls model calls
 * @param deliveries claims of jobs
 * @param callingDeliveries those for which a call was made; the others found every breaker open
 * @param callsUntilOpen calls to endpoints whose breaker had not opened yet
 * @param atOnce jobs that can be served at once
 * @param stages half-open stages that began: each ended with its first probes
 * @param alone times that a worker lost sight of what the fleet knows of an endpoint, and found out by itself
 */
record Amplification(
        int calls, int deliveries, int callingDeliveries, int callsUntilOpen, int atOnce, int stages, int alone) {
    private static final double CALLS_PER_DELIVERY = 1.2;
    private static final int MINIMUM_CALLS = BreakerSettings.DEFAULTS.minimumCalls();

    /** A breaker opens after so many calls, and those that are under way by then. */
    private int mostUntilOpen() {
        return Scenario.CHAIN.endpoints().size() * (MINIMUM_CALLS + atOnce);
    }

    private int probes() {
        return stages * BreakerSettings.DEFAULTS.halfOpenStages().getFirst();
    }

    /** A delivery that finds every breaker open is no reason for calls. */
    private double bound() {
        return CALLS_PER_DELIVERY * callingDeliveries + callsUntilOpen + probes() + alone * MINIMUM_CALLS;
    }

    void check() {
        assertThat(callsUntilOpen).as("%s", this).isLessThanOrEqualTo(mostUntilOpen() + alone * MINIMUM_CALLS);
        assertThat((double) calls).as("%s", this).isLessThanOrEqualTo(bound());
    }

    @Override
    public String toString() {
        return "total failure: %,d calls in %,d deliveries, %,d of which called; at most %,.0f allowed (1.2 for each of those, %d to open, %d to probe, %d alone)"
                .formatted(
                        calls, deliveries, callingDeliveries, bound(), callsUntilOpen, probes(), alone * MINIMUM_CALLS);
    }
}
