package io.breakwater.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.Counts;
import io.breakwater.breaker.RecentCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PaceInForceTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant LONG_AGO = NOW.minus(Duration.ofDays(1));
    private static final Instant OLD = NOW.minus(Duration.ofMinutes(11));

    @Test
    void whatIsNeitherLearntNorNearItsQuotaIsNotPaced() {
        PaceInForce pace = pace(Map.of(), requests(300), taken(149));

        assertThat(pace.isPaced()).isFalse();
    }

    @Test
    void aQuotaIsKeptToFromHalfOfItOn() {
        PaceInForce pace = pace(Map.of(), requests(300), taken(150));

        assertThat(pace.isPaced()).isTrue();
        assertThat(pace.perMinute(Measure.REQUESTS)).hasValue(300);
        assertThat(pace.perMinute(Measure.TOKENS)).isEmpty();
        assertThat(pace.cutAt()).isEmpty();
    }

    @Test
    void aPaceThatWasLearntGoesNoHigherThanTheQuota() {
        Map<Measure, Pace> learnt = Map.of(Measure.REQUESTS, cut(400, NOW));

        assertThat(pace(learnt, requests(300), taken(0)).perMinute(Measure.REQUESTS))
                .hasValue(300);
        assertThat(pace(learnt, requests(500), taken(0)).perMinute(Measure.REQUESTS))
                .hasValue(400);
    }

    @Test
    void anOldPaceIsOverWhereMuchLessIsTaken() {
        Map<Measure, Pace> learnt = Map.of(Measure.REQUESTS, cut(300, OLD));

        assertThat(pace(learnt, Quota.UNKNOWN, taken(199)).isPaced()).isFalse();
        assertThat(pace(learnt, Quota.UNKNOWN, taken(201)).isPaced()).isTrue();
    }

    @Test
    void aPaceThatWasCutLatelyIsNotOverWhateverIsTaken() {
        Map<Measure, Pace> learnt = Map.of(Measure.REQUESTS, cut(300, NOW.minus(Duration.ofMinutes(10))));

        assertThat(pace(learnt, Quota.UNKNOWN, taken(0)).isPaced()).isTrue();
    }

    @Test
    void whereNobodyKnowsWhatIsTakenNoPaceIsOverAndNoQuotaNear() {
        assertThat(pace(Map.of(Measure.REQUESTS, cut(300, OLD)), Quota.UNKNOWN, taken(0), OptionalDouble.empty())
                        .isPaced())
                .isTrue();
        assertThat(pace(Map.of(), requests(300), taken(300), OptionalDouble.empty())
                        .isPaced())
                .isFalse();
    }

    @Test
    void aFewSecondsDoNotTellThatAPaceIsOver() {
        assertThat(pace(
                                Map.of(Measure.REQUESTS, cut(300, OLD)),
                                Quota.UNKNOWN,
                                taken(1, Duration.ofSeconds(39), LONG_AGO, true))
                        .isPaced())
                .isTrue();
    }

    @Test
    void anOldPaceIsNotOverWhereCallsWereNotFreeToCome() {
        Map<Measure, Pace> learnt = Map.of(Measure.REQUESTS, cut(300, OLD));

        assertThat(pace(learnt, Quota.UNKNOWN, taken(1, PaceState.WINDOW, NOW.minus(Duration.ofMinutes(9)), true))
                        .isPaced())
                .as("recovered lately")
                .isTrue();
        assertThat(pace(learnt, Quota.UNKNOWN, taken(1, PaceState.WINDOW, LONG_AGO, false))
                        .isPaced())
                .as("not closed")
                .isTrue();
    }

    @Test
    void itHoldsSinceTheLastCutOfWhatHolds() {
        Map<Measure, Pace> learnt = Map.of(Measure.REQUESTS, cut(300, OLD), Measure.TOKENS, cut(9e6, NOW));

        assertThat(pace(learnt, Quota.UNKNOWN, taken(1)).cutAt()).contains(NOW);
        assertThat(pace(Map.of(Measure.REQUESTS, cut(300, OLD)), Quota.UNKNOWN, taken(300))
                        .cutAt())
                .contains(OLD);
        assertThat(pace(Map.of(Measure.REQUESTS, cut(300, OLD)), requests(2), taken(1))
                        .cutAt())
                .isEmpty();
    }

    private static PaceInForce pace(Map<Measure, Pace> learnt, Quota quota, RecentCalls recent) {
        return pace(learnt, quota, recent, OptionalDouble.of(1));
    }

    private static PaceInForce pace(
            Map<Measure, Pace> learnt, Quota quota, RecentCalls recent, OptionalDouble perCall) {
        return new PaceInForce(new PaceState(learnt.size(), learnt, new TreeMap<>()), quota, recent, _ -> perCall, NOW);
    }

    /** It may have grown since. */
    private static Pace cut(double perMinute, Instant at) {
        return new Pace(perMinute, NOW, at, 1);
    }

    private static Quota requests(double perMinute) {
        return new Quota(OptionalDouble.of(perMinute), OptionalDouble.empty());
    }

    private static RecentCalls taken(int perMinute) {
        return taken(perMinute, PaceState.WINDOW, LONG_AGO, true);
    }

    private static RecentCalls taken(int calls, Duration span, Instant closedSince, boolean closed) {
        return new RecentCalls(new Counts(calls, 0), NOW.minus(span), span, closedSince, closed);
    }
}
