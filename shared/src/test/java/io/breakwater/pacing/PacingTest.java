package io.breakwater.pacing;

import static io.breakwater.pacing.PacedFleet.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.model.Endpoint;
import io.breakwater.pacing.PacedFleet.Throttle;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A fleet of 10 workers for an hour on virtual time, with more calls to make than its endpoint's quota. */
class PacingTest {
    private static final int QUOTA = 300;
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long SEED = 1;

    @ParameterizedTest
    @CsvSource({"1", "4"})
    void usesAQuotaThatIsRefilledSteadilyAndHardlyGoesBeyond(double load) {
        PacedFleet fleet = fleet(PacedFleet.tokenBucket(QUOTA, QUOTA / 10.0), Map.of(), load);

        assertThat(fleet.goodput(QUOTA)).as("seed %d", SEED).isGreaterThanOrEqualTo(0.93);
        assertThat(fleet.throttledShare()).as("seed %d", SEED).isLessThanOrEqualTo(0.06);
        assertThat(fleet.opened()).as("seed %d", SEED).isLessThanOrEqualTo(1);
    }

    @Test
    void usesAQuotaOfWholeMinutes() {
        PacedFleet fleet = fleet(PacedFleet.fixedWindow(QUOTA), Map.of(), 2);

        assertThat(fleet.goodput(QUOTA)).as("seed %d", SEED).isGreaterThanOrEqualTo(0.85);
        assertThat(fleet.throttledShare()).as("seed %d", SEED).isLessThanOrEqualTo(0.12);
        assertThat(fleet.opened())
                .as("a first minute that is used up early looks like an outage")
                .isLessThanOrEqualTo(3);
    }

    @Test
    void aQuotaThatIsKnownIsKeptToFromTheStart() {
        Map<Endpoint, Quota> known = Map.of(ENDPOINT, new Quota(OptionalDouble.of(QUOTA), OptionalDouble.empty()));

        PacedFleet fleet = fleet(PacedFleet.fixedWindow(QUOTA), known, 4);

        assertThat(fleet.goodput(QUOTA)).as("seed %d", SEED).isGreaterThanOrEqualTo(0.93);
    }

    /** Of calls that use a quarter of the tokens that they reserve. */
    @Test
    void aQuotaOfTokensThatIsKnownIsUsedAndHardlyThrottles() {
        Quota known = new Quota(OptionalDouble.empty(), OptionalDouble.of(QUOTA * PacedFleet.USED));

        PacedFleet fleet = fleetOfTokens(Map.of(ENDPOINT, known));

        assertThat(fleet.goodput(QUOTA)).as("seed %d", SEED).isGreaterThanOrEqualTo(0.95);
        assertThat(fleet.throttledShare()).as("seed %d", SEED).isLessThanOrEqualTo(0.01);
        assertThat(fleet.opened()).as("seed %d", SEED).isZero();
    }

    private static PacedFleet fleetOfTokens(Map<Endpoint, Quota> quotas) {
        int tokens = QUOTA * PacedFleet.USED;
        return fleet(PacedFleet.tokenQuota(tokens, tokens), quotas, 2);
    }

    @Test
    void aWorkerThatMakesNearlyAllCallsGetsNearlyAllOfThePace() {
        PacedFleet fleet = new PacedFleet(10, Kind.STEADY.of(QUOTA), 10_000, Map.of(), SEED);
        fleet.letFirstMake(0.99);
        fleet.offer(2.0 * QUOTA, 0, HOUR);
        fleet.run(HOUR);

        assertThat(fleet.goodput(QUOTA)).as("seed %d", SEED).isGreaterThanOrEqualTo(0.95);
        assertThat(fleet.throttledShare()).as("seed %d", SEED).isLessThanOrEqualTo(0.06);
        assertThat(fleet.opened()).as("seed %d", SEED).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"60, 2", "60, 4", "60, 10", "300, 4"})
    void aSmallQuotaThatIsNotKnownIsUsedToo(int quota, double load) {
        PacedFleet fleet = new PacedFleet(10, PacedFleet.tokenBucket(quota, quota / 10.0), 10_000, Map.of(), SEED);
        fleet.offer(load * quota, 0, HOUR);
        fleet.run(HOUR);

        assertThat(fleet.goodput(quota)).as("seed %d", SEED).isGreaterThanOrEqualTo(load > 4 ? 0.75 : 0.94);
        assertThat(fleet.throttledShare()).as("seed %d", SEED).isLessThanOrEqualTo(0.07);
        assertThat(fleet.opened()).as("seed %d", SEED).isLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"60, STEADY, 0", "300, STEADY, 0", "60, WHOLE_MINUTES, 2", "300, WHOLE_MINUTES, 2"})
    void theBacklogOfAnOutageDrainsUnderAQuotaThatIsNotKnown(int quota, Kind kind, int mostOpenings) {
        long outage = Duration.ofMinutes(10).toMillis();
        long over = Duration.ofMinutes(25).toMillis();
        for (long seed = 1; seed <= 2; seed++) {
            Throttle quotaKept = kind.of(quota);
            PacedFleet fleet = new PacedFleet(
                    10,
                    millis -> millis < outage || (millis >= over && quotaKept.takes(millis)),
                    10_000,
                    Map.of(),
                    seed);
            fleet.offer(quota, 0, HOUR);

            fleet.run(over);
            int opened = fleet.opened();
            fleet.run(3 * HOUR);

            assertThat(fleet.opened() - opened)
                    .as("openings since the outage, seed %d; a first minute that is used up early looks like one", seed)
                    .isLessThanOrEqualTo(mostOpenings);
            assertThat(fleet.waiting())
                    .as("of %d jobs, seed %d", 60 * quota, seed)
                    .isLessThan(quota / 4);
        }
    }

    /** How an endpoint counts a quota of a minute. */
    enum Kind {
        STEADY {
            @Override
            Throttle of(int quota) {
                return PacedFleet.tokenBucket(quota, quota / 10.0);
            }
        },
        WHOLE_MINUTES {
            @Override
            Throttle of(int quota) {
                return PacedFleet.fixedWindow(quota);
            }
        };

        abstract Throttle of(int quota);
    }

    @Test
    void anEndpointWithinItsQuotaHasNoPaceAndCostsNoRequest() {
        PacedFleet fleet = fleet(PacedFleet.tokenBucket(QUOTA, QUOTA / 10.0), Map.of(), 0.5);

        assertThat(fleet.goodput(QUOTA)).isEqualTo(1);
        assertThat(fleet.reports()).isZero();
    }

    @Test
    void aHardThrottleOpensTheBreakerThoughTheEndpointHasAPace() {
        Throttle bucket = PacedFleet.tokenBucket(QUOTA, QUOTA / 10.0);
        long outage = Duration.ofMinutes(20).toMillis();
        PacedFleet fleet =
                new PacedFleet(10, millis -> millis < outage && bucket.takes(millis), 10_000, Map.of(), SEED);
        fleet.offer(2.0 * QUOTA, 0, HOUR);

        fleet.run(outage);
        assertThat(fleet.opened()).isZero();
        fleet.run(outage + Duration.ofSeconds(45).toMillis());

        assertThat(fleet.opened()).as("seed %d", SEED).isEqualTo(1);
    }

    /** The fewer the calls, the later it is plain; a pace of two calls a minute needs two minutes for five failures. */
    @Test
    void aHardThrottleOpensTheBreakerAlsoWhereCallsAreFew() {
        long outage = Duration.ofMinutes(20).toMillis();
        for (long seed = 1; seed <= 20; seed++) {
            Throttle bucket = PacedFleet.tokenBucket(30, 3);
            PacedFleet fleet =
                    new PacedFleet(10, millis -> millis < outage && bucket.takes(millis), 10_000, Map.of(), seed);
            fleet.offer(20, 0, HOUR);

            fleet.run(outage);
            int opened = fleet.opened();
            fleet.run(outage + Duration.ofMinutes(4).toMillis());

            assertThat(fleet.opened() - opened).as("seed %d", seed).isPositive();
        }
    }

    @Test
    void aHardThrottleOpensTheBreakerOfAnEndpointWithoutPace() {
        long outage = Duration.ofMinutes(5).toMillis();
        PacedFleet fleet = new PacedFleet(10, millis -> millis < outage, 10_000, Map.of(), SEED);
        fleet.offer(QUOTA, 0, HOUR);

        fleet.run(outage + Duration.ofSeconds(45).toMillis());

        assertThat(fleet.opened()).as("seed %d", SEED).isEqualTo(1);
    }

    @Test
    void throttlesThatDoNotDependOnThePaceDoNotDriveItToNothing() {
        Random dice = new Random(SEED);
        PacedFleet fleet = new PacedFleet(10, _ -> dice.nextDouble() >= 0.1, 10_000, Map.of(), SEED);
        fleet.offer(QUOTA, 0, HOUR);
        fleet.run(HOUR);

        assertThat(fleet.goodput(QUOTA)).as("seed %d", SEED).isGreaterThanOrEqualTo(0.3);
        assertThat(fleet.opened()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0.2, 25, 2", "0.4, 45, 1"})
    void aPaceThatWasCutForABurstOfThrottlesDoesNotOutliveItByLong(
            double throttled, int minute, int mostMinutesOfJobs) {
        int perMinute = 2 * QUOTA;
        long burst = Duration.ofMinutes(10).toMillis();
        long over = Duration.ofMinutes(15).toMillis();
        for (long seed = 1; seed <= 9; seed++) {
            Random dice = new Random(seed);
            PacedFleet fleet = new PacedFleet(
                    10,
                    millis -> millis < burst || millis >= over || dice.nextDouble() >= throttled,
                    10_000,
                    Map.of(),
                    seed);
            fleet.offer(perMinute, 0, HOUR);

            fleet.run(Duration.ofMinutes(minute).toMillis());

            assertThat(fleet.waiting()).as("seed %d", seed).isLessThan(mostMinutesOfJobs * perMinute);
        }
    }

    private static PacedFleet fleet(Throttle endpoint, Map<Endpoint, Quota> quotas, double load) {
        PacedFleet fleet = new PacedFleet(10, endpoint, 10_000, quotas, SEED);
        fleet.offer(load * QUOTA, 0, HOUR);
        fleet.run(HOUR);
        return fleet;
    }
}
