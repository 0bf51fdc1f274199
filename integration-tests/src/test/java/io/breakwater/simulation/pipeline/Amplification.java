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
 * @param underWay calls that were under way at once, at most
 * @param stages half-open stages that began: each ended with its first probes
 * @param alone times that a worker lost sight of what the fleet knows of an endpoint, and found out by itself
 */
record Amplification(
        int calls, int deliveries, int callingDeliveries, int callsUntilOpen, int underWay, int stages, int alone) {
    private static final double CALLS_PER_DELIVERY = 1.2;
    private static final BreakerSettings BREAKER = BreakerSettings.DEFAULTS;

    /** Failures in a row that open every breaker. */
    private static int toTrip() {
        return Scenario.CHAIN.endpoints().size() * BREAKER.consecutiveFailures();
    }

    /** Calls of which a rate is known everywhere. */
    private static int toJudge() {
        return Scenario.CHAIN.endpoints().size() * BREAKER.minimumCalls();
    }

    /** A half-open stage takes no call after its first probes: they fail. */
    private int probes() {
        return stages * BREAKER.halfOpenStages().getFirst();
    }

    /** A worker that finds out by itself takes failures in a row for that. */
    private int tripsAlone() {
        return alone * BREAKER.consecutiveFailures();
    }

    /**
     * A delivery that finds every breaker open is no reason for calls; and what is under way has not failed yet, so that
     * further calls are free.
     */
    private double mostCalls() {
        return CALLS_PER_DELIVERY * callingDeliveries + toTrip() + underWay + probes() + tripsAlone();
    }

    /** Twice, as calls are judged when all workers have told of theirs, and as many may begin meanwhile. */
    private int mostCallsUntilOpen() {
        return 2 * (toJudge() + underWay) + tripsAlone();
    }

    void check() {
        assertThat((double) calls).as("%s", this).isLessThanOrEqualTo(mostCalls());
        assertThat(callsUntilOpen).as("%s", this).isLessThanOrEqualTo(mostCallsUntilOpen());
    }

    @Override
    public String toString() {
        return "total failure: %,d calls in %,d deliveries, %,d of which called; at most %,.0f allowed (1.2 for each of those, %d to trip, %d under way, %d to probe, %d alone); %d until open, at most %d allowed"
                .formatted(
                        calls,
                        deliveries,
                        callingDeliveries,
                        mostCalls(),
                        toTrip(),
                        underWay,
                        probes(),
                        tripsAlone(),
                        callsUntilOpen,
                        mostCallsUntilOpen());
    }
}
