package io.breakwater.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.admission.Refusal.BacklogTooOld;
import io.breakwater.admission.Refusal.NoEndpoint;
import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.breakwater.breaker.StateOverride;
import io.breakwater.breaker.TestClock;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobRequest.WhenUnavailable;
import io.breakwater.model.Endpoint;
import io.breakwater.model.Message;
import io.breakwater.routing.Chain;
import io.breakwater.routing.Tier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdmissionControlTest {
    private static final Endpoint EAST = new Endpoint("us-east-1", "big", "big");
    private static final Endpoint WEST = new Endpoint("us-west-2", "big", "big");
    private static final Endpoint SMALL = new Endpoint("us-east-1", "small", "small");
    private static final Chain CHAIN = new Chain(List.of(
            new Tier("primary", List.of(EAST, WEST), 100, false), new Tier("emergency", List.of(SMALL), 10, true)));

    private final TestClock clock = new TestClock();
    private final FleetBreaker breaker =
            new FleetBreaker(BreakerSettings.DEFAULTS, new InMemoryBreakerStore(), clock, new Random(1));
    private final CountingStore backlog = new CountingStore();
    private final AdmissionControl admission = new AdmissionControl(
            new ChainOutlook(CHAIN, breaker),
            Optional.of(new BacklogWatch(new BacklogLimit(Duration.ofSeconds(60)), backlog, clock)),
            clock);

    @Test
    void aJobThatWouldRatherFailIsRefusedWhenNoEndpointOfItsChainTakesCalls() {
        open(EAST, 300);
        open(WEST, 200);
        open(SMALL, 400);

        assertThat(admission.refusal(job(WhenUnavailable.FAIL, true)))
                .contains(new NoEndpoint(Duration.ofSeconds(200)));
    }

    @Test
    void oneEndpointThatMayTakeItIsEnough() {
        open(EAST, 300);
        open(WEST, 300);

        assertThat(admission.refusal(job(WhenUnavailable.FAIL, true))).isEmpty();
    }

    @Test
    void aJobThatMayNotBeDegradedHasTheFirstTierOnly() {
        open(EAST, 300);
        open(WEST, 300);

        assertThat(admission.refusal(job(WhenUnavailable.FAIL, false))).contains(new NoEndpoint(Duration.ofMinutes(5)));
    }

    @Test
    void aJobThatWaitsIsAcceptedWhateverTheBreakersSay() {
        CHAIN.endpoints().forEach(endpoint -> open(endpoint, 300));

        assertThat(admission.refusal(job(WhenUnavailable.QUEUE, true))).isEmpty();
    }

    @Test
    void anEndpointWhoseTimeHasComeCountsAsAvailable() {
        CHAIN.endpoints().forEach(endpoint -> open(endpoint, 300));
        clock.advance(Duration.ofMinutes(5));

        assertThat(admission.refusal(job(WhenUnavailable.FAIL, true))).isEmpty();
    }

    @Test
    void aLiftedOverrideIsHeardAtOnceWhereItWasMade() {
        CHAIN.endpoints().forEach(endpoint -> open(endpoint, 300));
        breaker.override(SMALL, new StateOverride.Lift());

        assertThat(admission.refusal(job(WhenUnavailable.FAIL, true))).isEmpty();
    }

    @Test
    void whoIsRefusedShortlyBeforeTheTimeWaitsASecond() {
        CHAIN.endpoints().forEach(endpoint -> open(endpoint, 300));
        clock.advance(Duration.ofMillis(299_900));

        assertThat(admission.refusal(job(WhenUnavailable.FAIL, true))).contains(new NoEndpoint(Duration.ofSeconds(1)));
    }

    @Test
    void anyJobIsRefusedWhileTheBacklogIsTooOld() {
        backlog.write(new BacklogReport(Duration.ofSeconds(75), clock.instant().plusSeconds(15)));

        assertThat(admission.refusal(job(WhenUnavailable.QUEUE, true)))
                .contains(new BacklogTooOld(Duration.ofSeconds(75), Duration.ofSeconds(60), Duration.ofSeconds(15)));
    }

    @Test
    void withoutALimitAnyBacklogWillDo() {
        AdmissionControl unlimited = new AdmissionControl(new ChainOutlook(CHAIN, breaker), Optional.empty(), clock);

        assertThat(unlimited.refusal(job(WhenUnavailable.FAIL, true))).isEmpty();
    }

    private void open(Endpoint endpoint, long seconds) {
        breaker.override(
                endpoint, new StateOverride.ForceOpen("test", clock.instant().plusSeconds(seconds)));
    }

    private static JobRequest job(WhenUnavailable whenUnavailable, boolean allowDegraded) {
        return new JobRequest(
                List.of(new Message(Message.Role.USER, "hi")),
                null,
                null,
                null,
                List.of(),
                allowDegraded,
                whenUnavailable,
                60,
                Map.of());
    }
}
