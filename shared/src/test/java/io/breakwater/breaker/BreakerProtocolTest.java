package io.breakwater.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.BreakerEvent.CallWanted;
import io.breakwater.breaker.BreakerEvent.CallsCounted;
import io.breakwater.breaker.BreakerEvent.EndpointLost;
import io.breakwater.breaker.BreakerEvent.Examined;
import io.breakwater.breaker.BreakerEvent.Overridden;
import io.breakwater.breaker.BreakerEvent.OwnCallFailed;
import io.breakwater.breaker.BreakerEvent.ProbeFailed;
import io.breakwater.breaker.BreakerEvent.ProbeIgnored;
import io.breakwater.breaker.BreakerEvent.ProbeSucceeded;
import io.breakwater.breaker.BreakerEvent.RegionLost;
import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.BreakerState.HalfOpen;
import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.breaker.BreakerState.Outage;
import io.breakwater.breaker.Decision.Verdict;
import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BreakerProtocolTest {
    private static final Duration CALL = Duration.ofSeconds(10);

    private final BreakerProtocol protocol = new BreakerProtocol(BreakerSettings.DEFAULTS);
    private BreakerState state = BreakerState.INITIAL;
    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private int permits;

    @Test
    void admitsEveryCallWhileClosed() {
        assertThat(wantCall()).isEqualTo(new Verdict.Admitted(0, 1));
        assertThat(state).isEqualTo(BreakerState.INITIAL);
    }

    @Test
    void dropsBucketsThatNobodyAddsToAnyMore() {
        count(1, 0);
        advance(Duration.ofMinutes(5));
        count(1, 0);

        assertThat(((Closed) state).window().buckets()).hasSize(1);
    }

    @Test
    void ignoresCallsFromAClockThatIsFarAhead() {
        apply(new CallsCounted(0, tally(now.plusSeconds(30), 1, 1)));

        assertThat(state).isEqualTo(BreakerState.INITIAL);
    }

    @Test
    void ignoresCallsFromAClockThatIsFarBehind() {
        apply(new CallsCounted(0, tally(now.minusSeconds(130), 1, 1)));

        assertThat(state).isEqualTo(BreakerState.INITIAL);
    }

    @Test
    void opensOnAWorkersOwnCallsOnlyWhenTheyArePlainlyFailing() {
        apply(ownCalls(10, 9, false));
        assertThat(state).isInstanceOf(Closed.class);

        apply(ownCalls(10, 10, false));

        assertThat(open().reason()).isEqualTo(OpenReason.FAILURE_RATE);
        assertThat(open().outage()).isEqualTo(new Outage(now, Optional.of(FailureKind.TIMEOUT), 0));
    }

    @Test
    void judgesByTheRateOfAWorkersOwnCallsWhenItIsAlone() {
        apply(ownCalls(10, 3, true));

        assertThat(open().detail()).isEqualTo("3 of 10 calls failed, the last TIMEOUT");
    }

    private BreakerEvent ownCalls(int calls, int failures, boolean alone) {
        Window own = Window.EMPTY.plus(tally(now, calls, failures));
        return new OwnCallFailed(0, own, alone, 0, null);
    }

    @Test
    void aLostRegionOpensWhatIsClosed() {
        apply(new RegionLost("us-east-1 is unhealthy", 0));
        assertThat(open().reason()).isEqualTo(OpenReason.REGION);
        assertThat(open().outage().kind()).isEmpty();
        assertThat(open().until()).isEqualTo(now.plusSeconds(60));

        BreakerState before = state;
        apply(new RegionLost("us-east-1 is unhealthy", 0));
        assertThat(state).isEqualTo(before);
    }

    @Test
    void dropsOutcomesOfAnOlderEpoch() {
        trip();
        Open before = open();

        count(0, 50, 100);

        assertThat(state).isEqualTo(before);
    }

    @Test
    void refusesCallsUntilTheCooldownIsOver() {
        trip();

        assertThat(open().until()).isEqualTo(now.plusSeconds(60));
        advance(Duration.ofSeconds(59));
        assertThat(wantCall()).isInstanceOf(Verdict.Refused.class);
        advance(Duration.ofSeconds(1));
        assertThat(wantCall()).isInstanceOf(Verdict.Probing.class);
    }

    @Test
    void letsTrafficBackByOneThenFiveThenTenProbes() {
        trip();
        advance(Duration.ofMinutes(1));

        for (int probes : new int[] {1, 5, 10}) {
            Verdict.Probing[] granted = new Verdict.Probing[probes];
            for (int i = 0; i < probes; i++) {
                granted[i] = (Verdict.Probing) wantCall();
            }
            assertThat(wantCall()).isInstanceOf(Verdict.Refused.class);
            for (Verdict.Probing probe : granted) {
                succeed(probe);
            }
        }

        assertThat(state).isInstanceOf(Closed.class);
        assertThat(protocol.lastWindow(((Closed) state).window(), now)).isEqualTo(new Counts(16, 0));
    }

    @Test
    void aFailedProbeReopensForTwiceAsLong() {
        trip();
        Duration[] expected = {
            Duration.ofMinutes(2), Duration.ofMinutes(4), Duration.ofMinutes(8), Duration.ofMinutes(15)
        };
        for (Duration cooldown : expected) {
            now = open().until();
            fail((Verdict.Probing) wantCall(), FailureKind.THROTTLED, null);
            assertThat(open().until()).isEqualTo(now.plus(cooldown));
            assertThat(open().reason()).isEqualTo(OpenReason.PROBE_FAILED);
        }
    }

    @Test
    void retryAfterLengthensTheCooldownUpToItsMaximum() {
        trip();
        now = open().until();
        fail((Verdict.Probing) wantCall(), FailureKind.THROTTLED, Duration.ofMinutes(10));
        assertThat(open().until()).isEqualTo(now.plus(Duration.ofMinutes(10)));

        now = open().until();
        fail((Verdict.Probing) wantCall(), FailureKind.THROTTLED, Duration.ofHours(3));
        assertThat(open().until()).isEqualTo(now.plus(Duration.ofMinutes(15)));
    }

    @Test
    void anIgnoredProbeFreesItsSlot() {
        Verdict.Probing probe = firstProbe();

        apply(new ProbeIgnored(probe.epoch(), probe.slot(), probe.permitId()));

        assertThat(wantCall()).isInstanceOf(Verdict.Probing.class);
    }

    @Test
    void aSlotWhoseLeaseRanOutIsGrantedAgainAndItsFirstHolderIsNotHeard() {
        Verdict.Probing silent = firstProbe();
        advance(CALL);
        Verdict.Probing second = (Verdict.Probing) wantCall();

        succeed(silent);
        assertThat(((HalfOpen) state).isComplete()).isFalse();
        succeed(second);

        assertThat(((HalfOpen) state).stage()).isEqualTo(1);
    }

    @Test
    void aCompletedStageWhoseLastProberDiedIsMovedOnByTheNextCaller() {
        Verdict.Probing probe = firstProbe();
        state = new Step.SettleSlot(probe.epoch(), 0, probe.permitId(), new BreakerState.Slot.Succeeded(CALL))
                .applyTo(state)
                .orElseThrow();

        Verdict verdict = wantCall();

        assertThat(verdict).isInstanceOf(Verdict.Probing.class);
        assertThat(((HalfOpen) state).slots()).hasSize(5);
    }

    @Test
    void aLateProbeOfAnEarlierStageChangesNothing() {
        Verdict.Probing probe = firstProbe();
        succeed(probe);
        BreakerState before = state;

        fail(probe, FailureKind.THROTTLED, null);

        assertThat(state).isEqualTo(before);
    }

    @Test
    void aDailyQuotaOpensAtOnceWithAProbeEachQuarterOfAnHourUntilMidnightUtc() {
        now = Instant.parse("2026-03-01T23:20:00Z");
        apply(new EndpointLost(0, FailureKind.DAILY_QUOTA, "Too many tokens per day"));
        assertThat(open().reason()).isEqualTo(OpenReason.DAILY_QUOTA);
        assertThat(open().until()).isEqualTo(Instant.parse("2026-03-01T23:35:00Z"));

        now = open().until();
        fail((Verdict.Probing) wantCall(), FailureKind.DAILY_QUOTA, null);
        now = open().until();
        fail((Verdict.Probing) wantCall(), FailureKind.DAILY_QUOTA, null);

        assertThat(open().until()).isEqualTo(Instant.parse("2026-03-02T00:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource({"ACCESS_DENIED", "END_OF_LIFE"})
    void anEndpointThatCannotServeIsDisabledByOneCall(FailureKind kind) {
        apply(new EndpointLost(0, kind, "no"));

        assertThat(state.name()).isEqualTo("DISABLED");
        assertThat(open().until()).isEqualTo(now.plus(Duration.ofHours(6)));
    }

    @Test
    void anOperatorHoldsItOpenAndItRecoversByStagesAfterwards() {
        apply(new Overridden(new StateOverride.ForceOpen("maintenance", now.plusSeconds(600))));

        assertThat(wantCall()).isInstanceOf(Verdict.Refused.class);
        advance(Duration.ofMinutes(10));
        assertThat(wantCall()).isInstanceOf(Verdict.Probing.class);
    }

    @Test
    void anOperatorHoldsItClosedWhateverTheWindowSays() {
        trip();
        apply(new Overridden(new StateOverride.ForceClosed("we know better", now.plusSeconds(600))));

        count(0, 100);
        assertThat(wantCall()).isInstanceOf(Verdict.Admitted.class);

        advance(Duration.ofMinutes(10));
        count(0, 1);
        assertThat(state).isInstanceOf(Open.class);
    }

    @Test
    void aLiftedOverrideLetsTheNextCallProbe() {
        apply(new Overridden(new StateOverride.ForceOpen("maintenance", now.plusSeconds(600))));

        apply(new Overridden(new StateOverride.Lift()));

        assertThat(wantCall()).isInstanceOf(Verdict.Probing.class);
    }

    @Test
    void trafficComesBackAtThePaceOfTheProbesAndDoubles() {
        recover();

        assertThat(admitted()).isEqualTo(9);
        assertThat(wantCall()).isEqualTo(new Verdict.Refused(state, now.plus(CALL)));
        advance(CALL);
        assertThat(admitted()).isEqualTo(10);
        advance(Duration.ofSeconds(15));
        assertThat(admitted()).isEqualTo(25);
        advance(Duration.ofMinutes(3));
        assertThat(wantCall()).isEqualTo(new Verdict.Admitted(state.epoch(), 1));
        assertThat(admitted()).isGreaterThan(1000);
    }

    private int admitted() {
        int calls = 0;
        while (calls < 2000 && wantCall() instanceof Verdict.Admitted admitted) {
            calls += admitted.calls();
        }
        return calls;
    }

    /** Through all stages; the call that closed it is let through as the first. */
    private void recover() {
        firstProbe();
        state = new HalfOpen(
                state.epoch(),
                now,
                2,
                Collections.nCopies(10, new BreakerState.Slot.Succeeded(CALL)),
                OpenReason.FAILURE_RATE,
                CALL,
                new Outage(now, Optional.empty(), 0));
        assertThat(wantCall()).isInstanceOf(Verdict.Admitted.class);
    }

    @Test
    void aCallRefusedInHalfOpenWaitsAboutAsLongAsACallTakes() {
        succeed(firstProbe());
        for (int probe = 0; probe < 5; probe++) {
            wantCall();
        }

        assertThat(wantCall()).isEqualTo(new Verdict.Refused(state, now.plus(CALL)));
    }

    @Test
    void aStagesProbesBeginAsFarApartAsThePaceWantsThem() {
        Duration spacing = Duration.ofSeconds(4);
        succeed(firstProbe());
        wantCall(spacing);

        advance(Duration.ofSeconds(3));
        assertThat(wantCall(spacing)).isEqualTo(new Verdict.Refused(state, now.plusSeconds(1)));
        advance(Duration.ofSeconds(1));
        assertThat(wantCall(spacing)).isInstanceOf(Verdict.Probing.class);
        assertThat(wantCall(spacing)).isEqualTo(new Verdict.Refused(state, now.plus(spacing)));
    }

    @Test
    void jitterStretchesTheCooldownByATenthAtMost() {
        count(7, 3, 0, 1.0);

        assertThat(open().until()).isEqualTo(now.plusSeconds(66));
    }

    private Verdict wantCall() {
        return wantCall(Duration.ZERO);
    }

    private Verdict wantCall(Duration spacing) {
        return apply(new CallWanted("permit-" + permits++, now.plus(CALL), spacing));
    }

    private Verdict.Probing firstProbe() {
        trip();
        advance(Duration.ofMinutes(1));
        return (Verdict.Probing) wantCall();
    }

    private void trip() {
        count(7, 3);
        assertThat(open().reason()).isEqualTo(OpenReason.FAILURE_RATE);
    }

    private void count(int successes, int failures) {
        count(state.epoch(), successes, failures);
    }

    private void count(long epoch, int successes, int failures) {
        count(successes, failures, epoch, 0);
    }

    /** Calls that were started long enough ago for all workers to have told of theirs. */
    private void count(int successes, int failures, long epoch, double jitter) {
        apply(new CallsCounted(epoch, tally(now.minusSeconds(12), successes + failures, failures)));
        apply(new Examined(jitter, null));
    }

    private Tally tally(Instant start, int calls, int failures) {
        TreeMap<Long, Counts> buckets = new TreeMap<>();
        buckets.put(protocol.buckets().at(start), new Counts(calls, failures));
        boolean anySuccess = failures < calls;
        return new Tally(buckets, anySuccess, anySuccess ? 0 : failures, Optional.of(FailureKind.TIMEOUT));
    }

    private void succeed(Verdict.Probing probe) {
        apply(new ProbeSucceeded(probe.epoch(), probe.slot(), probe.permitId(), CALL));
        apply(new Examined(0, null));
    }

    private void fail(Verdict.Probing probe, FailureKind kind, @Nullable Duration retryAfter) {
        apply(new ProbeFailed(probe.epoch(), probe.slot(), probe.permitId(), kind, "failed", retryAfter, 0));
    }

    private Verdict apply(BreakerEvent event) {
        Decision decision = protocol.decide(state, event, now);
        decision.step().ifPresent(step -> state = step.applyTo(state).orElseThrow());
        return decision.verdict();
    }

    private Open open() {
        assertThat(state).isInstanceOf(Open.class);
        return (Open) state;
    }

    private void advance(Duration duration) {
        now = now.plus(duration);
    }
}
