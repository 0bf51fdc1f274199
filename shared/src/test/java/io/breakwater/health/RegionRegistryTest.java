package io.breakwater.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.BreakerState;
import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.breaker.BreakerStore;
import io.breakwater.breaker.OpenReason;
import io.breakwater.breaker.StateOverride;
import io.breakwater.breaker.TestClock;
import io.breakwater.health.RegionHealth.State;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RegionRegistryTest {
    private static final String EAST = "us-east-1";
    private static final Endpoint BIG = new Endpoint(EAST, "big", "big");
    private static final Endpoint SMALL = new Endpoint(EAST, "small", "small");
    private static final Endpoint TINY = new Endpoint(EAST, "tiny", "tiny");
    private static final Endpoint WEST = new Endpoint("us-west-2", "big", "big");
    private static final List<Endpoint> CHAIN = List.of(BIG, WEST, SMALL, TINY);
    private static final Duration COOLDOWN = Duration.ofSeconds(67);

    private static final RegionStore DOWN = new RegionStore() {
        @Override
        public RegionHealth read(String region) {
            throw new IllegalStateException("store is down");
        }

        @Override
        public Answer write(RegionHealth next) {
            throw new IllegalStateException("store is down");
        }
    };

    private final TestClock clock = new TestClock();
    private final TestStores stores = new TestStores();
    private final Worker one = worker(1, stores);
    private final Worker two = worker(2, stores);

    @Test
    void anUnhealthyRegionsOtherEndpointsAreOpened() {
        one.putOut(BIG, FailureKind.SERVER_ERROR);
        assertThat(health()).isEqualTo(RegionHealth.initial(EAST));

        two.putOut(SMALL, FailureKind.TIMEOUT);

        assertThat(health().state()).isEqualTo(State.UNHEALTHY);
        assertThat(health().since()).isEqualTo(clock.instant());
        Open tiny = (Open) stored(TINY);
        assertThat(tiny.reason()).isEqualTo(OpenReason.REGION);
        assertThat(tiny.detail())
                .isEqualTo("region us-east-1 is unhealthy: us-east-1/big SERVER_ERROR, us-east-1/small TIMEOUT");
    }

    @Test
    void otherRegionsAreLeftAlone() {
        lose();

        assertThat(stored(WEST).epoch()).isZero();
        assertThat(one.regions.health("us-west-2").isHealthy()).isTrue();
    }

    @Test
    void eachTransitionIsToldOnceOfTheFleet() {
        lose();
        clock.advance(Duration.ofSeconds(31));
        CHAIN.forEach(one::state);
        CHAIN.forEach(two::state);

        assertThat(one.transitions).isEmpty();
        assertThat(two.transitions).containsExactly(health());
    }

    @Test
    void aRegionIsHealthyAgainWithTheFirstOfItsEndpointsAndTheOthersComeBackByThemselves() {
        lose();
        clock.advance(COOLDOWN);

        recover(TINY);

        assertThat(health().state()).isEqualTo(State.HEALTHY);
        assertThat(health().reason()).isEqualTo("us-east-1/tiny is closed again");
        assertThat(List.of(stored(BIG), stored(SMALL)))
                .extracting(BreakerState::name)
                .containsOnly("OPEN");
        recover(BIG);
        recover(SMALL);
        assertThat(health().epoch()).isEqualTo(2);
    }

    @Test
    void aRegionThatFailsAgainNeedsNewEvidence() {
        lose();
        clock.advance(COOLDOWN);
        recover(TINY);
        recover(BIG);
        clock.advance(Duration.ofMinutes(5));

        one.putOut(BIG, FailureKind.SERVER_ERROR);

        assertThat(stored(SMALL).name()).isEqualTo("OPEN");
        assertThat(health().state()).isEqualTo(State.HEALTHY);
        assertThat(stored(TINY).name()).isEqualTo("CLOSED");

        two.state(TINY);
        two.putOut(TINY, FailureKind.SERVER_ERROR);

        assertThat(health().state()).isEqualTo(State.UNHEALTHY);
    }

    @Test
    void aRegionWithOneEndpointGoesWithIt() {
        one.putOut(WEST, FailureKind.SERVER_ERROR);
        assertThat(one.regions.health("us-west-2").state()).isEqualTo(State.UNHEALTHY);
        clock.advance(COOLDOWN);

        recover(WEST);

        assertThat(one.regions.health("us-west-2").state()).isEqualTo(State.HEALTHY);
    }

    @Test
    void aDailyQuotaOfTheRegionTakesAllItsEndpoints() {
        Worker worker = new Worker(CHAIN, DailyQuotaScope.REGION, stores, clock, 3);

        worker.putOut(BIG, FailureKind.DAILY_QUOTA);

        assertThat(stored(TINY)).extracting("reason").isEqualTo(OpenReason.REGION);
    }

    @Test
    void anEndpointThatAnOperatorHoldsClosedStaysClosed() {
        one.breaker.override(
                TINY,
                new StateOverride.ForceClosed("known good", clock.instant().plusSeconds(600)));
        clock.advance(Duration.ofSeconds(1));

        lose();

        assertThat(health().state()).isEqualTo(State.UNHEALTHY);
        assertThat(stored(TINY).name()).isEqualTo("CLOSED");
    }

    @Test
    void anOperatorWhoClosesAnEndpointOfAnUnhealthyRegionDeclaresItHealthy() {
        lose();
        clock.advance(Duration.ofSeconds(1));

        one.breaker.override(
                BIG, new StateOverride.ForceClosed("it is back", clock.instant().plusSeconds(600)));

        assertThat(health().state()).isEqualTo(State.HEALTHY);
    }

    /** Two workers, one endpoint each: neither knows of the other's, and their steps mix in any order. */
    @Test
    void twoEndpointsThatOpenTogetherAreBothSeen() {
        for (long seed = 0; seed < 300; seed++) {
            TestStores shared = new TestStores();
            Turns turns = new Turns(seed);
            Worker first = worker(1, shared.reachedThrough(turns::take));
            Worker second = worker(2, shared.reachedThrough(turns::take));

            turns.run(List.of(
                    () -> first.putOut(BIG, FailureKind.SERVER_ERROR),
                    () -> second.putOut(SMALL, FailureKind.SERVER_ERROR)));

            assertThat(shared.regions().read(EAST).state()).as("seed %d", seed).isEqualTo(State.UNHEALTHY);
            assertThat(shared.breakers().read(TINY.id()).state().name())
                    .as("seed %d", seed)
                    .isEqualTo("OPEN");
            assertThat(first.transitions.size() + second.transitions.size())
                    .as("seed %d", seed)
                    .isEqualTo(1);
        }
    }

    /** It dies before each of its requests in turn; another worker that only hears of an open endpoint does the rest. */
    @Test
    void whatAWorkerLeftUndoneWhenItDiedIsDoneByTheNextThatHearsOfAnOpenEndpoint() {
        int unfinished = 0;
        for (int lifetime = 1; lifetime < 60; lifetime++) {
            TestStores shared = new TestStores();
            worker(1, shared).putOut(BIG, FailureKind.SERVER_ERROR);
            AtomicInteger left = new AtomicInteger(lifetime);
            Worker dying = worker(2, shared.reachedThrough(() -> {
                if (left.decrementAndGet() < 0) {
                    throw new IllegalStateException("this worker is dead");
                }
            }));
            dying.putOut(SMALL, FailureKind.SERVER_ERROR);
            if (shared.breakers().read(SMALL.id()).state().name().equals("CLOSED")) {
                continue;
            }
            unfinished += shared.breakers().read(TINY.id()).state().name().equals("CLOSED") ? 1 : 0;

            worker(3, shared).state(BIG);

            assertThat(shared.regions().read(EAST).state())
                    .as("died after %d requests", lifetime)
                    .isEqualTo(State.UNHEALTHY);
            assertThat(shared.breakers().read(TINY.id()).state().name())
                    .as("died after %d requests", lifetime)
                    .isEqualTo("OPEN");
        }
        assertThat(unfinished).as("lifetimes that left something to do").isGreaterThan(3);
    }

    @Test
    void aRecoveryThatNobodyJudgedIsFoundLater() {
        lose();
        clock.advance(COOLDOWN);
        recover(worker(4, new TestStores(stores.breakers(), DOWN)), TINY);
        assertThat(health().state()).isEqualTo(State.UNHEALTHY);

        one.breaker.override(
                BIG,
                new StateOverride.ForceOpen("looking into it", clock.instant().plusSeconds(60)));

        assertThat(health().reason()).isEqualTo("us-east-1/tiny is closed again");
    }

    @Test
    void whoLooksAtARegionWhoseLastRecoveryNobodyJudgedFindsItHealthy() {
        lose();
        clock.advance(COOLDOWN);
        Worker unheard = worker(4, new TestStores(stores.breakers(), DOWN));
        List.of(BIG, SMALL, TINY).forEach(endpoint -> recover(unheard, endpoint));
        assertThat(health().state()).isEqualTo(State.UNHEALTHY);

        assertThat(two.regions.health(EAST).isHealthy()).isTrue();

        assertThat(health().reason()).isEqualTo("us-east-1/tiny is closed again");
        assertThat(two.transitions).extracting(RegionHealth::epoch).containsExactly(1L, 2L);
    }

    @Test
    void aRegionThatCannotBeJudgedAnewIsShownAsItStands() {
        lose();
        BreakerStore unreadable = new TestStores()
                .reachedThrough(() -> {
                    throw new IllegalStateException("store is down");
                })
                .breakers();

        RegionHealth shown =
                worker(8, new TestStores(unreadable, stores.regions())).regions.health(EAST);

        assertThat(shown).isEqualTo(health());
    }

    @Test
    void aRecordThatNothingBearsOutIsCorrectedWhenItIsNextLookedAt() {
        stores.regions().write(new RegionHealth(EAST, State.UNHEALTHY, clock.instant(), "long ago", 1));
        clock.advance(Duration.ofDays(1));

        one.putOut(BIG, FailureKind.SERVER_ERROR);

        assertThat(health().state()).isEqualTo(State.HEALTHY);
        assertThat(stored(TINY).name()).isEqualTo("CLOSED");
    }

    @Test
    void aWorkerThatIsAboutToProbeJudgesNothingBefore() {
        lose();
        clock.advance(COOLDOWN);
        AtomicInteger requests = new AtomicInteger();
        Worker probing = worker(5, stores.reachedThrough(requests::incrementAndGet));

        probing.breaker.admit(BIG, Duration.ofSeconds(10));

        assertThat(stored(BIG).name()).isEqualTo("HALF_OPEN");
        assertThat(requests).as("read, move, remember").hasValue(3);
    }

    @Test
    void theBreakerDoesNotSufferWhenTheRegionCannotBeJudged() {
        Worker worker = worker(6, new TestStores(stores.breakers(), DOWN));

        worker.putOut(BIG, FailureKind.SERVER_ERROR);
        worker.putOut(SMALL, FailureKind.SERVER_ERROR);

        assertThat(stored(SMALL).name()).isEqualTo("OPEN");
        assertThat(worker.call(TINY)).isTrue();
        assertThat(worker.regions.health(EAST)).isEqualTo(RegionHealth.initial(EAST));
    }

    @Test
    void readersAreAnsweredFromMemoryForAFewSeconds() {
        List<String> requests = new ArrayList<>();
        Worker reader = worker(7, stores.reachedThrough(() -> requests.add("")));
        reader.regions.health(EAST);
        reader.regions.health(EAST);
        assertThat(requests).hasSize(1);
        lose();
        assertThat(reader.regions.health(EAST).isHealthy()).isTrue();

        clock.advance(RegionRegistry.FRESHNESS);

        assertThat(reader.regions.health(EAST).isHealthy()).isFalse();
    }

    private void lose() {
        one.putOut(BIG, FailureKind.SERVER_ERROR);
        two.putOut(SMALL, FailureKind.SERVER_ERROR);
    }

    private void recover(Endpoint endpoint) {
        recover(one, endpoint);
    }

    private void recover(Worker worker, Endpoint endpoint) {
        for (int call = 0; call < 17; call++) {
            assertThat(worker.call(endpoint)).isTrue();
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(stored(endpoint).name()).isEqualTo("CLOSED");
    }

    private RegionHealth health() {
        return stores.regions().read(EAST);
    }

    private BreakerState stored(Endpoint endpoint) {
        return stores.breakers().read(endpoint.id()).state();
    }

    private Worker worker(long seed, TestStores stores) {
        return new Worker(CHAIN, DailyQuotaScope.ENDPOINT, stores, clock, seed);
    }
}
