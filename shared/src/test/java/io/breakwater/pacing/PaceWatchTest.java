package io.breakwater.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.breakwater.model.Endpoint;
import io.breakwater.pacing.PaceState.Told;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PaceWatchTest {
    private static final Endpoint ENDPOINT = new Endpoint("us-east-1", "big", "big");
    private static final Endpoint OTHER = new Endpoint("us-east-1", "small", "small");
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private Instant now = START;
    private final InMemoryPaceStore store = new InMemoryPaceStore();
    private final FleetBreaker breaker =
            new FleetBreaker(BreakerSettings.DEFAULTS, new InMemoryBreakerStore(), () -> now, new Random(1));
    private int reads;
    private boolean away;
    private final PaceWatch watch = watch(Map.of());

    @Test
    void anEndpointOfWhichNobodyToldHasNoPace() {
        assertThat(watch.look(ENDPOINT)).isEmpty();
    }

    @Test
    void throttlesAloneAreNoPace() {
        tell(new Told(0, 3, 0));

        assertThat(watch.look(ENDPOINT)).isEmpty();
    }

    @Test
    void aPaceIsSeenWithWhenItWasCutAndWhatIsWanted() {
        store.move(ENDPOINT.id(), 0, Measure.TOKENS, new Pace(250_000, now, now, 1));
        for (int i = 0; i < 20; i++) {
            tell(new Told(2, 0, 1));
            later(Duration.ofSeconds(3));
        }

        PaceInForce seen = watch.look(ENDPOINT).orElseThrow();

        assertThat(seen.perMinute(Measure.TOKENS)).hasValue(250_000);
        assertThat(seen.perMinute(Measure.REQUESTS)).isEmpty();
        assertThat(seen.cutAt()).contains(START);
        assertThat(seen.demandPerMinute()).isEqualTo(40);
        assertThat(watch.look(OTHER)).isEmpty();
    }

    @Test
    void anOldPaceOfTokensIsKeptWhileWorkersTellOfTheirDemand() {
        store.move(ENDPOINT.id(), 0, Measure.TOKENS, new Pace(250_000, now, now, 1));
        later(Duration.ofMinutes(11));
        assertThat(lookAtBoth()).isEmpty();

        tell(new Told(1, 0, 0));
        later(Duration.ofSeconds(59));
        assertThat(lookAtBoth()).isPresent();
        later(Duration.ofSeconds(4));
        assertThat(lookAtBoth()).isEmpty();
    }

    @Test
    void anOldPaceOfRequestsIsOverByTheEndpointsCallsWhateverWorkersTell() {
        store.move(ENDPOINT.id(), 0, Measure.REQUESTS, new Pace(300, now, now, 1));
        later(Duration.ofMinutes(11));
        tell(new Told(1, 0, 0));

        assertThat(lookAtBoth()).isEmpty();
    }

    @Test
    void aQuotaIsSeenWhileWorkersKeepToItAndHasNoBeginning() {
        PaceWatch knowing = watch(Map.of(ENDPOINT, new Quota(OptionalDouble.empty(), OptionalDouble.of(60_000))));
        assertThat(knowing.look(ENDPOINT)).isEmpty();

        tell(new Told(1, 0, 0));

        PaceInForce seen = knowing.look(ENDPOINT).orElseThrow();
        assertThat(seen.perMinute(Measure.TOKENS)).hasValue(60_000);
        assertThat(seen.cutAt()).isEmpty();
    }

    @Test
    void whatWasHeardStandsWhileTheStoreIsAway() {
        store.move(ENDPOINT.id(), 0, Measure.REQUESTS, new Pace(300, now, now, 1));
        Optional<PaceInForce> before = watch.look(ENDPOINT);
        away = true;

        assertThat(watch.look(ENDPOINT).map(pace -> pace.perMinute(Measure.REQUESTS)))
                .isEqualTo(before.map(pace -> pace.perMinute(Measure.REQUESTS)))
                .contains(OptionalDouble.of(300));
        assertThat(watch.look(OTHER)).isEmpty();
    }

    @Test
    void aStoreThatFailsIsLeftAloneForAWhile() {
        away = true;
        watch.look(ENDPOINT);
        watch.look(OTHER);
        assertThat(reads).isEqualTo(1);

        later(Duration.ofSeconds(5));
        away = false;
        store.move(OTHER.id(), 0, Measure.REQUESTS, new Pace(300, now, now, 1));

        assertThat(watch.look(OTHER)).isPresent();
    }

    private void tell(Told told) {
        store.report(ENDPOINT.id(), Map.of(PaceState.bucket(now), told), List.of(), now);
    }

    private void later(Duration time) {
        now = now.plus(time);
    }

    /** The breaker first, as the route does. */
    private Optional<PaceInForce> lookAtBoth() {
        breaker.state(ENDPOINT);
        return watch.look(ENDPOINT);
    }

    private PaceWatch watch(Map<Endpoint, Quota> quotas) {
        return new PaceWatch(flaky(), breaker, quotas, () -> now);
    }

    private PaceStore flaky() {
        return (PaceStore) Proxy.newProxyInstance(
                PaceStore.class.getClassLoader(), new Class<?>[] {PaceStore.class}, (_, method, arguments) -> {
                    reads++;
                    if (away) {
                        throw new IllegalStateException("away");
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
