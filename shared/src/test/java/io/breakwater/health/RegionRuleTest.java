package io.breakwater.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.EnumSource.Mode.EXCLUDE;

import io.breakwater.breaker.BreakerState;
import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.BreakerState.HalfOpen;
import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.breaker.BreakerState.Outage;
import io.breakwater.breaker.BreakerState.Pin;
import io.breakwater.breaker.BreakerState.Slot;
import io.breakwater.breaker.OpenReason;
import io.breakwater.breaker.Window;
import io.breakwater.health.RegionHealth.State;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RegionRuleTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant NOW = START.plusSeconds(1000);
    private static final RegionHealth NEVER_WRITTEN = RegionHealth.initial("us-east-1");
    private static final BreakerState NEVER_OUT = BreakerState.INITIAL;

    private final RegionRule rule = new RegionRule(DailyQuotaScope.ENDPOINT);
    private final RegionRule quotaIsTheRegions = new RegionRule(DailyQuotaScope.REGION);

    @Test
    void aRegionIsUnhealthyWhenTwoOfItsEndpointsFail() {
        RegionHealth judged =
                judge(NEVER_WRITTEN, out(1, FailureKind.SERVER_ERROR), out(5, FailureKind.TIMEOUT), NEVER_OUT);

        assertThat(judged)
                .isEqualTo(new RegionHealth(
                        "us-east-1",
                        State.UNHEALTHY,
                        at(5),
                        "us-east-1/model-0 SERVER_ERROR, us-east-1/model-1 TIMEOUT",
                        1));
    }

    @Test
    void oneOfSeveralEndpointsSaysNothingOfItsRegion() {
        assertThat(judge(NEVER_WRITTEN, out(1, FailureKind.SERVER_ERROR), NEVER_OUT))
                .isEqualTo(NEVER_WRITTEN);
    }

    @Test
    void theOnlyEndpointSpeaksForItsRegion() {
        assertThat(judge(NEVER_WRITTEN, out(1, FailureKind.SERVER_ERROR)).state())
                .isEqualTo(State.UNHEALTHY);
    }

    @Test
    void aRegionWithoutEndpointsIsHealthy() {
        assertThat(judge(NEVER_WRITTEN)).isEqualTo(NEVER_WRITTEN);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EXCLUDE,
            names = {"SERVER_ERROR", "TIMEOUT"})
    void failuresThatAreTheModelsOrTheCallersAreNoEvidence(FailureKind kind) {
        assertThat(judge(NEVER_WRITTEN, out(1, kind), out(2, kind))).isEqualTo(NEVER_WRITTEN);
    }

    @Test
    void endpointsThatTheirRegionOrAnOperatorPutOutAreNoEvidence() {
        BreakerState byRegion = outFor(OpenReason.REGION);
        BreakerState byOperator = outFor(OpenReason.OPERATOR);

        assertThat(judge(NEVER_WRITTEN, out(1, FailureKind.SERVER_ERROR), byRegion, byOperator))
                .isEqualTo(NEVER_WRITTEN);
    }

    @Test
    void anEndpointThatIsProbedIsStillOut() {
        assertThat(judge(NEVER_WRITTEN, probed(1), out(2, FailureKind.TIMEOUT)).state())
                .isEqualTo(State.UNHEALTHY);
    }

    @Test
    void oneExhaustedDailyQuotaTakesTheRegionWithItOnlyIfItIsTheRegions() {
        Map<Endpoint, BreakerState> breakers = breakers(out(1, FailureKind.DAILY_QUOTA), NEVER_OUT, NEVER_OUT);

        assertThat(quotaIsTheRegions.judge(NEVER_WRITTEN, breakers, NOW).state())
                .isEqualTo(State.UNHEALTHY);
        assertThat(rule.judge(NEVER_WRITTEN, breakers, NOW)).isEqualTo(NEVER_WRITTEN);
    }

    @Test
    void anUnhealthyRegionStaysSoWhileItsEndpointsAreOut() {
        RegionHealth unhealthy = unhealthy(5);

        assertThat(judge(unhealthy, out(1, FailureKind.SERVER_ERROR), probed(5), outFor(OpenReason.REGION)))
                .isEqualTo(unhealthy);
    }

    @Test
    void isHealthyAgainAsOfTheTimeAtWhichAnEndpointWasClosedAgain() {
        RegionHealth judged = judge(unhealthy(5), closed(70), out(5, FailureKind.SERVER_ERROR));

        assertThat(judged)
                .isEqualTo(
                        new RegionHealth("us-east-1", State.HEALTHY, at(70), "us-east-1/model-0 is closed again", 8));
    }

    @Test
    void anEndpointThatWasClosedAllAlongDoesNotMakeItHealthy() {
        assertThat(judge(unhealthy(5), out(1, FailureKind.TIMEOUT), out(5, FailureKind.TIMEOUT), closed(4), NEVER_OUT))
                .isEqualTo(unhealthy(5));
    }

    @Test
    void anOperatorWhoHoldsAnEndpointClosedDeclaresItsRegionHealthy() {
        BreakerState pinned =
                new Closed(4, at(70), Window.EMPTY, Optional.of(new Pin("known good", at(3600))), Optional.empty());

        assertThat(judge(unhealthy(5), pinned, out(5, FailureKind.SERVER_ERROR)).isHealthy())
                .isTrue();
    }

    @Test
    void isHealthyAgainWhenOperatorsHaveTakenOverWhatWasEvidence() {
        RegionHealth judged = judge(unhealthy(5), out(5, FailureKind.TIMEOUT), outFor(OpenReason.OPERATOR), NEVER_OUT);

        assertThat(judged.isHealthy()).isTrue();
        assertThat(judged.since()).isEqualTo(NOW);
    }

    @Test
    void aTransitionWithoutATimeOfItsOwnIsNeverBeforeTheOneBeforeIt() {
        RegionHealth ahead = unhealthy(5000);

        assertThat(judge(ahead, NEVER_OUT).since()).isEqualTo(ahead.since());
    }

    @Test
    void whatIsLeftOfAnEarlierTroubleDoesNotCountAgain() {
        RegionHealth recovered = judge(unhealthy(5), closed(70), out(5, FailureKind.SERVER_ERROR), closed(3));

        assertThat(judge(recovered, out(80, FailureKind.SERVER_ERROR), out(5, FailureKind.SERVER_ERROR), closed(3)))
                .isEqualTo(recovered);
        assertThat(judge(
                                recovered,
                                out(80, FailureKind.TIMEOUT),
                                out(5, FailureKind.TIMEOUT),
                                out(90, FailureKind.TIMEOUT))
                        .state())
                .isEqualTo(State.UNHEALTHY);
    }

    /** Had it been judged in time, it would have gone to UNHEALTHY and back. */
    @Test
    void whoJudgesLateFindsTheRegionAsItIsNow() {
        assertThat(judge(NEVER_WRITTEN, out(1, FailureKind.TIMEOUT), out(5, FailureKind.TIMEOUT), closed(70)))
                .isEqualTo(NEVER_WRITTEN);
    }

    /** Two: what happened since a stale record may be a recovery and a new trouble. */
    @Test
    void judgingComesToRestAfterTwoTransitionsAtMost() {
        List<BreakerState> states = List.of(
                NEVER_OUT,
                closed(3),
                closed(70),
                out(1, FailureKind.SERVER_ERROR),
                out(80, FailureKind.TIMEOUT),
                out(5, FailureKind.THROTTLED),
                probed(5),
                outFor(OpenReason.OPERATOR));
        for (RegionHealth known :
                List.of(NEVER_WRITTEN, unhealthy(5), unhealthy(75), judge(unhealthy(5), closed(70)))) {
            for (BreakerState first : states) {
                for (BreakerState second : states) {
                    for (BreakerState third : states) {
                        RegionHealth judged = judge(judge(known, first, second, third), first, second, third);

                        assertThat(judge(judged, first, second, third))
                                .as("%s with %s, %s, %s", known, first, second, third)
                                .isEqualTo(judged);
                    }
                }
            }
        }
    }

    private RegionHealth judge(RegionHealth known, BreakerState... states) {
        return rule.judge(known, breakers(states), NOW);
    }

    private static Map<Endpoint, BreakerState> breakers(BreakerState... states) {
        Map<Endpoint, BreakerState> breakers = new LinkedHashMap<>();
        for (BreakerState state : states) {
            String model = "model-" + breakers.size();
            breakers.put(new Endpoint("us-east-1", model, model), state);
        }
        return breakers;
    }

    private static RegionHealth unhealthy(int second) {
        return new RegionHealth("us-east-1", State.UNHEALTHY, at(second), "for a reason", 7);
    }

    private static BreakerState closed(int second) {
        return new Closed(4, at(second), Window.EMPTY, Optional.empty(), Optional.empty());
    }

    private static BreakerState out(int second, FailureKind kind) {
        Outage outage = new Outage(at(second), Optional.of(kind), 2);
        return new Open(5, at(100), at(200), OpenReason.PROBE_FAILED, "no", outage);
    }

    private static BreakerState outFor(OpenReason reason) {
        return new Open(5, at(6), at(66), reason, "", new Outage(at(6), Optional.empty(), 0));
    }

    private static BreakerState probed(int second) {
        Outage outage = new Outage(at(second), Optional.of(FailureKind.SERVER_ERROR), 0);
        return new HalfOpen(6, at(60), 0, List.of(Slot.FREE), OpenReason.FAILURE_RATE, Duration.ofSeconds(10), outage);
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }
}
