package io.breakwater.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.breakwater.model.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FleetPacerTest {
    private static final Endpoint ENDPOINT = new Endpoint("us-east-1", "big", "big");

    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private final FleetBreaker breaker =
            new FleetBreaker(BreakerSettings.DEFAULTS, new InMemoryBreakerStore(), () -> now, new Random(1));
    private final PaceStore paces = new InMemoryPaceStore();
    private final FleetPacer pacer =
            new FleetPacer(paces, breaker, Map.of(), () -> now, new Random(1), PaceListener.NONE);

    @Test
    void throttlesCountFromTheFirstOnWhereNothingGetsThrough() {
        Turn.Taken[] turns = Stream.generate(this::take).limit(8).toArray(Turn.Taken[]::new);
        later(50);

        for (Turn.Taken turn : turns) {
            assertThat(turn.throttled(Measure.REQUESTS)).isFalse();
        }
        assertThat(pacer.ask(ENDPOINT, 100)).isInstanceOf(Turn.Taken.class);
    }

    @Test
    void aThrottleAmongCallsThatGetThroughIsExplainedAndTheEndpointLeftAloneForASecond() {
        take();
        take();
        later(600);
        Turn.Taken turn = take();
        later(50);

        assertThat(turn.throttled(Measure.REQUESTS)).isTrue();
        assertThat(pacer.ask(ENDPOINT, 100)).isEqualTo(new Turn.TooFast(Measure.REQUESTS, now.plusSeconds(1)));
        later(1_000);
        assertThat(pacer.ask(ENDPOINT, 100)).isInstanceOf(Turn.Taken.class);
    }

    @Test
    void aTurnThatWasGivenBackShowsNothingOfTheEndpoint() {
        take().giveBack();
        take().giveBack();
        later(600);

        assertThat(take().throttled(Measure.REQUESTS)).isFalse();
    }

    @Test
    void anOldSuccessIsOldWheneverItIsLookedAt() {
        take();
        later(30_000);

        assertThat(take().throttled(Measure.REQUESTS)).isFalse();
    }

    @Test
    void whenTheLastSuccessesArePastThrottlesCount() {
        take();
        later(600);
        take().throttled(Measure.REQUESTS);
        later(30_000);

        assertThat(take().throttled(Measure.REQUESTS)).isFalse();
    }

    @Test
    void tokensThatACallHeldAndDidNotUseMakeRoomForOthers() {
        paces.move(ENDPOINT.id(), 0, Measure.TOKENS, new Pace(6000, now, now, 1));
        take().throttled(Measure.TOKENS);
        pacer.flush();
        Turn.Taken first = take();
        Turn.Taken second = take();
        assertThat(pacer.ask(ENDPOINT, 100)).isEqualTo(new Turn.TooFast(Measure.TOKENS, now.plusSeconds(1)));

        first.used(40);
        second.used(40);

        take();
        assertThat(pacer.ask(ENDPOINT, 100)).isEqualTo(new Turn.TooFast(Measure.TOKENS, now.plusMillis(800)));
    }

    private Turn.Taken take() {
        return (Turn.Taken) pacer.ask(ENDPOINT, 100);
    }

    private void later(long millis) {
        now = now.plus(Duration.ofMillis(millis));
    }
}
