package io.breakwater.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.breakwater.breaker.Counts;
import io.breakwater.breaker.RecentCalls;
import io.breakwater.pacing.PaceRule.Evidence;
import io.breakwater.pacing.PaceState.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PaceRuleTest {
    private static final Instant NOW = PaceState.start(PaceState.bucket(Instant.parse("2026-03-01T10:00:00Z")));
    private static final Instant LONG_AGO = NOW.minus(Duration.ofHours(1));

    @Test
    void anEndpointThatDoesNotThrottleHasNoPace() {
        assertThat(next(PaceState.INITIAL, taking(600))).isEmpty();
    }

    @Test
    void aFewThrottlesAmongManyCallsAreTolerated() {
        assertThat(next(throttled(20, Duration.ofSeconds(30)), taking(600))).isEmpty();
    }

    @Test
    void theFirstPaceIsJustAboveWhatTheEndpointTakes() {
        Pace pace = next(throttled(300, Duration.ofSeconds(30)), taking(600)).orElseThrow();

        assertThat(pace.perMinute()).isCloseTo(606, within(0.1));
        assertThat(pace.cuts()).isEqualTo(1);
    }

    @Test
    void whereNothingIsKnownOfTheOtherCallsNothingIsGuessed() {
        Evidence nothing = new Evidence(_ -> new RecentCalls(Counts.NONE, NOW, Duration.ZERO, LONG_AGO, true), 1);

        assertThat(next(throttled(300, Duration.ofSeconds(30)), nothing)).isEmpty();
    }

    @Test
    void aPaceThatIsHardlyTooFastIsCutGently() {
        PaceState state = throttled(60, Duration.ofSeconds(58)).with(Measure.REQUESTS, pace(1000, 120));

        assertThat(next(state, taking(600)).orElseThrow().perMinute()).isCloseTo(850, within(0.1));
    }

    @Test
    void aPaceIsCutOnceAMinute() {
        PaceState state = throttled(60, Duration.ofSeconds(40)).with(Measure.REQUESTS, pace(1000, 50));

        assertThat(next(state, taking(600))).isEmpty();
    }

    @Test
    void aPaceGrowsWhileNothingIsThrottledAndFasterTheLonger() {
        assertThat(grown(PaceState.INITIAL, 70)).isBetween(1.01, 1.03);
        assertThat(grown(throttled(3, Duration.ofSeconds(9)), 600)).isEqualTo(1.04, within(1e-9));
    }

    @Test
    void aPaceThatHasNotBeenTooFastForLongGrowsAsAGuess() {
        assertThat(grown(PaceState.INITIAL, 180)).isEqualTo(1.1, within(1e-9));
    }

    @Test
    void aPaceThatIsNotUsedDoesNotGrow() {
        assertThat(next(PaceState.INITIAL.with(Measure.REQUESTS, pace(1000, 70)), taking(400)))
                .isEmpty();
    }

    @Test
    void aPaceIsNeverCutToNothing() {
        Evidence hardlyAnything = new Evidence(
                from -> new RecentCalls(new Counts(1, 0), from, Duration.ofSeconds(54), LONG_AGO, true), 1);

        assertThat(next(throttled(300, Duration.ofSeconds(50)), hardlyAnything)
                        .orElseThrow()
                        .perMinute())
                .isEqualTo(2);
    }

    @Test
    void whenNothingIsKnownOfTheTimeBeforeAnOpeningItsPaceStands() {
        Evidence open = new Evidence(_ -> new RecentCalls(Counts.NONE, NOW, Duration.ZERO, LONG_AGO, false), 1);

        assertThat(next(throttled(300, Duration.ofSeconds(30)).with(Measure.REQUESTS, pace(600, 300)), open))
                .isEmpty();
    }

    @Test
    void anOpeningBeforeThereIsAPaceLeavesOneThatIsBelowWhatGotThroughWithThrottles() {
        Pace pace = next(throttled(300, Duration.ofSeconds(30)), opened(600, Duration.ofSeconds(30)))
                .orElseThrow();

        assertThat(pace.perMinute()).isCloseTo(0.7 * 606, within(0.1));
    }

    @Test
    void aWholeMinutesCallsAreNotTooManyForAMinute() {
        Pace pace = next(throttled(300, Duration.ofSeconds(30)), opened(600, Duration.ofSeconds(60)))
                .orElseThrow();

        assertThat(pace.perMinute()).isCloseTo(606, within(0.1));
    }

    @Test
    void anOpeningWhereNothingGotThroughSaysNothingOfAPace() {
        assertThat(next(throttled(300, Duration.ofSeconds(30)), opened(30, Duration.ofSeconds(30))))
                .isEmpty();
    }

    @Test
    void soonAfterARecoveryItSaysThatTheMinutesQuotaWasUsed() {
        PaceState state = throttled(300, Duration.ofSeconds(10));

        assertThat(next(state, opened(30, Duration.ofSeconds(60), NOW.minusSeconds(90)))
                        .orElseThrow()
                        .perMinute())
                .isCloseTo(30.3, within(0.1));
        assertThat(next(state, opened(30, Duration.ofSeconds(30), NOW.minusSeconds(30))))
                .as("less than a minute's worth of calls")
                .isEmpty();
    }

    @Test
    void anOpeningUnderAPaceCutsItToHalfAtMost() {
        PaceState state = throttled(300, Duration.ofSeconds(30)).with(Measure.REQUESTS, pace(2000, 20));

        assertThat(next(state, opened(600, Duration.ofSeconds(60)))
                        .orElseThrow()
                        .perMinute())
                .isEqualTo(1000);
    }

    @Test
    void anOpeningLeavesAPaceThatIsSlowerThanWhatGotThrough() {
        PaceState state = throttled(300, Duration.ofSeconds(30)).with(Measure.REQUESTS, pace(100, 300));

        assertThat(next(state, opened(600, Duration.ofSeconds(60)))).isEmpty();
    }

    @Test
    void probesThatCameTooFastLeaveAPaceAtWhichTheNextDoNot() {
        assertThat(PaceRule.ofThrottledProbe(Optional.empty(), 1, NOW)
                        .orElseThrow()
                        .perMinute())
                .isEqualTo(10);
    }

    @Test
    void probesThatCameTooFastUnderAPaceHalveItOnce() {
        Pace halved =
                PaceRule.ofThrottledProbe(Optional.of(pace(60, 100)), 1, NOW).orElseThrow();

        assertThat(halved.perMinute()).isEqualTo(30);
        assertThat(PaceRule.ofThrottledProbe(Optional.of(halved), 1, NOW.plusMillis(50)))
                .isEmpty();
    }

    @Test
    void aGuessGrowsFastUntilItIsTooFast() {
        PaceState guess = PaceState.INITIAL.with(Measure.REQUESTS, guess(600, 70));
        PaceState tooFast = throttled(3, Duration.ofSeconds(9)).with(Measure.REQUESTS, guess(600, 70));

        assertThat(next(guess, taking(590)).orElseThrow()).isEqualTo(new Pace(660, NOW, NOW.minusSeconds(70), 1));
        assertThat(next(tooFast, taking(590))).isEmpty();
    }

    @Test
    void aThrottleOrTwoAreExplainedWhereAsManyCallsGetThrough() {
        PaceState state = throttled(1, Duration.ofSeconds(3)).with(Measure.REQUESTS, pace(4, 300));

        assertThat(PaceRule.explains(state, Measure.REQUESTS, taking(4), NOW.minusSeconds(1), NOW))
                .isTrue();
        assertThat(PaceRule.explains(state, Measure.REQUESTS, taking(0), NOW.minusSeconds(1), NOW))
                .as("nothing gets through")
                .isFalse();
    }

    @Test
    void throttlesOfCallsThatBeganBeforeTheCutAreExplained() {
        PaceState state = throttled(500, Duration.ofSeconds(30)).with(Measure.REQUESTS, pace(600, 3));

        assertThat(PaceRule.explains(state, Measure.REQUESTS, taking(10), NOW.minusSeconds(1), NOW))
                .isTrue();
    }

    @Test
    void manyThrottlesUnderAPaceThatWasCutAreNot() {
        PaceState state = throttled(500, Duration.ofSeconds(30)).with(Measure.REQUESTS, pace(600, 300));

        assertThat(PaceRule.explains(state, Measure.REQUESTS, taking(60), NOW.minusSeconds(1), NOW))
                .isFalse();
    }

    private static double grown(PaceState state, int secondsSinceCut) {
        return next(state.with(Measure.REQUESTS, pace(600, secondsSinceCut)), taking(590))
                        .orElseThrow()
                        .perMinute()
                / 600;
    }

    private static Optional<Pace> next(PaceState state, Evidence evidence) {
        return PaceRule.next(state, Measure.REQUESTS, evidence, NOW);
    }

    private static Pace pace(double perMinute, int cutSecondsAgo) {
        Instant cut = NOW.minusSeconds(cutSecondsAgo);
        return new Pace(perMinute, cut, cut, 2);
    }

    private static Pace guess(double perMinute, int cutSecondsAgo) {
        Instant cut = NOW.minusSeconds(cutSecondsAgo);
        return new Pace(perMinute, cut, cut, 1);
    }

    /** So many throttles, evenly since then, up to now. */
    private static PaceState throttled(int throttles, Duration since) {
        TreeMap<Long, Told> buckets = new TreeMap<>();
        long count = since.dividedBy(PaceState.BUCKET);
        for (long bucket = 1; bucket <= count; bucket++) {
            buckets.put(PaceState.bucket(NOW) - bucket, new Told(0, (int) (throttles / count), 0));
        }
        return new PaceState(0, Map.of(), buckets);
    }

    /** An endpoint that took so many calls a minute until just now, as long as it was called. */
    private static Evidence opened(int perMinute, Duration called) {
        return opened(perMinute, called, LONG_AGO);
    }

    private static Evidence opened(int perMinute, Duration called, Instant closedSince) {
        return new Evidence(
                from -> {
                    Duration asked = Duration.between(from, NOW);
                    Duration span = asked.compareTo(called) < 0 ? asked : called;
                    return new RecentCalls(
                            new Counts((int) (perMinute * span.toMillis() / 60_000), 0),
                            NOW.minus(span),
                            span,
                            closedSince,
                            false);
                },
                1);
    }

    /** An endpoint that takes so many calls a minute. */
    private static Evidence taking(int perMinute) {
        return new Evidence(
                from -> {
                    Duration span = Duration.between(from, NOW);
                    return new RecentCalls(
                            new Counts((int) (perMinute * span.toMillis() / 60_000), 0), from, span, LONG_AGO, true);
                },
                1);
    }
}
