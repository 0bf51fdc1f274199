package io.breakwater.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.TripRule.Trip;
import io.breakwater.model.FailureKind;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TripRuleTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Window.Buckets BUCKETS = new Window.Buckets(BreakerSettings.DEFAULTS.window());

    /** The youngest bucket of which the fleet has heard all. */
    private static final long TOLD = BUCKETS.at(NOW.minus(TripRule.TELLING_TIME)) - 1;

    private final TripRule rule = new TripRule(BreakerSettings.DEFAULTS);

    @ParameterizedTest(name = "{1} of {0} calls failed: opens = {2}")
    @CsvSource({"10, 3, true", "11, 3, false", "100, 29, false", "100, 30, true", "9, 3, false", "9, 4, false"})
    void opensAtThirtyPercentOfAtLeastTenCalls(int calls, int failures, boolean opens) {
        assertThat(rule.ofFleet(window(TOLD, calls, failures), NOW).isPresent()).isEqualTo(opens);
    }

    @Test
    void countsTheCallsOfAWholeMinute() {
        Window window = window(TOLD - 9, 9, 3, TOLD, 9, 3);

        assertThat(rule.ofFleet(window, NOW)).contains(new Trip(OpenReason.FAILURE_RATE, new Counts(18, 6)));
    }

    @Test
    void countsNoCallsOfMoreThanAMinute() {
        assertThat(rule.ofFleet(window(TOLD - 10, 9, 4, TOLD, 9, 3), NOW)).isEmpty();
    }

    /** After an idle spell, 1,000 starts at 1 % failing: throttles are back, successes are not. */
    @Test
    void failuresThatComeBackFirstAreNoRateOfTheCallsThatWereStarted() {
        assertThat(rule.ofFleet(window(TOLD, 1000, 10), NOW)).isEmpty();
    }

    @Test
    void failuresCountAtOnceWhenTheyAreEnoughOfWhatWasStarted() {
        assertThat(rule.ofFleet(window(TOLD, 1000, 300), NOW)).isPresent();
    }

    @Test
    void aBucketIsJudgedOnceEveryWorkerHasToldOfItsStarts() {
        Window young = window(TOLD + 1, 10, 10);

        assertThat(rule.ofFleet(young, NOW)).isEmpty();
        assertThat(rule.ofFleet(young, NOW.plusSeconds(6))).isPresent();
    }

    @Test
    void slowFailuresOpenItAlthoughNewerCallsAreStillOnTheirWay() {
        Window window = window(TOLD - 10, 100, 40, TOLD - 3, 900, 0);

        assertThat(rule.ofFleet(window, NOW)).contains(new Trip(OpenReason.FAILURE_RATE, new Counts(100, 40)));
    }

    @ParameterizedTest(name = "{1} of {0} calls failed: opens = {2}")
    @CsvSource({"5, 5, true", "4, 4, false", "6, 5, false", "9, 8, false"})
    void opensOnFiveFailuresInARow(int calls, int failures, boolean opens) {
        assertThat(rule.ofFleet(window(TOLD, calls, failures), NOW)
                        .filter(trip -> trip.reason() == OpenReason.CONSECUTIVE_FAILURES)
                        .isPresent())
                .isEqualTo(opens);
    }

    @Test
    void aRowBeginsAfterTheSuccessesBeforeIt() {
        assertThat(rule.ofFleet(window(TOLD - 2, 4, 0, TOLD - 1, 3, 3, TOLD, 2, 2), NOW))
                .contains(new Trip(OpenReason.CONSECUTIVE_FAILURES, new Counts(5, 5)));
    }

    @Test
    void failuresThatAreMinutesApartAreStillARow() {
        Window sparse = new Window(window(TOLD, 1, 1).buckets(), 5, Optional.of(FailureKind.TIMEOUT));

        assertThat(rule.ofFleet(sparse, NOW)).contains(new Trip(OpenReason.CONSECUTIVE_FAILURES, new Counts(5, 5)));
    }

    @Test
    void aCallOnItsWayMayBeTheSuccessBetween() {
        Window sparse = new Window(window(TOLD, 2, 1).buckets(), 5, Optional.of(FailureKind.TIMEOUT));

        assertThat(rule.ofFleet(sparse, NOW)).isEmpty();
    }

    @Test
    void aBusyEndpointThatBeginsToFailNeedNotFailForAThirdOfAMinute() {
        Window onset = window(TOLD - 9, 3000, 0, TOLD, 300, 200);

        assertThat(rule.ofFleet(onset, NOW)).contains(new Trip(OpenReason.FAILURE_RATE, new Counts(300, 200)));
    }

    @Test
    void aSampleMustShowMoreThanTheFleetsRate() {
        long bucket = BUCKETS.at(NOW);

        assertThat(rule.ofSample(window(bucket, 10, 9), NOW)).isEmpty();
        assertThat(rule.ofSample(window(bucket, 10, 10), NOW)).isPresent();
        assertThat(rule.ofSample(window(bucket, 300, 120), NOW)).isEmpty();
        assertThat(rule.ofSample(window(bucket, 600, 240), NOW)).isPresent();
    }

    @Test
    void withConfidenceAskedForFewCallsAreNotEnough() {
        BreakerSettings d = BreakerSettings.DEFAULTS;
        TripRule sure = new TripRule(new BreakerSettings(
                d.failureRateThreshold(),
                d.window(),
                d.minimumCalls(),
                d.consecutiveFailures(),
                d.cooldown(),
                d.maximumCooldown(),
                d.halfOpenStages(),
                0.95,
                d.slowCall(),
                d.mode()));

        assertThat(sure.ofFleet(window(TOLD, 10, 3), NOW)).isEmpty();
        assertThat(sure.ofFleet(window(TOLD, 10, 7), NOW)).isPresent();
        assertThat(sure.ofFleet(window(TOLD, 200, 80), NOW)).isPresent();
    }

    /** On any part of what will be known, the rate opens nothing that it would not open knowing everything. */
    @RepeatedTest(200)
    void opensOnNothingThatCompleteInformationWouldNotOpen(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        TreeMap<Long, Counts> complete = new TreeMap<>();
        TreeMap<Long, Counts> known = new TreeMap<>();
        double rate = random.nextDouble() * 0.4;
        for (long bucket = TOLD - 19; bucket <= TOLD; bucket++) {
            int calls = random.nextInt(20);
            int failures =
                    (int) random.doubles(calls).filter(draw -> draw < rate).count();
            complete.put(bucket, new Counts(calls, failures));
            known.put(bucket, new Counts(calls, random.nextInt(failures + 1)));
        }

        boolean opensOnPart = opensByRate(known);

        assertThat(opensOnPart && !opensByRate(complete)).as("seed %d", seed).isFalse();
    }

    private boolean opensByRate(NavigableMap<Long, Counts> buckets) {
        return rule.ofFleet(new Window(buckets, 0, Optional.empty()), NOW)
                .filter(trip -> trip.reason() == OpenReason.FAILURE_RATE)
                .isPresent();
    }

    /** Triples of bucket, calls, failures. */
    private static Window window(long... triples) {
        TreeMap<Long, Counts> buckets = new TreeMap<>();
        for (int i = 0; i < triples.length; i += 3) {
            buckets.put(triples[i], new Counts((int) triples[i + 1], (int) triples[i + 2]));
        }
        return new Window(buckets, 0, Optional.empty());
    }
}
