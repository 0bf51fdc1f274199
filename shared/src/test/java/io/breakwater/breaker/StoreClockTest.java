package io.breakwater.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.BreakerStore.StoreTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StoreClockTest {
    private final TestClock source = new TestClock();
    private final StoreClock clock = new StoreClock(source);

    @Test
    void staysAsItIsWhileTheStoreMayAgree() {
        learn(Duration.ofMillis(400), Duration.ofMillis(20));

        assertThat(clock.correction()).isZero();
    }

    @Test
    void movesAsFarAsTheStoreProvesItWrong() {
        learn(Duration.ofSeconds(3), Duration.ofMillis(20));
        assertThat(clock.correction()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));

        learn(Duration.ofSeconds(-7), Duration.ofMillis(20));
        assertThat(clock.correction()).isBetween(Duration.ofSeconds(-7), Duration.ofSeconds(-6));
    }

    @Test
    void anAnswerThatTookLongProvesLittle() {
        learn(Duration.ofSeconds(3), Duration.ofSeconds(10));

        assertThat(clock.correction()).isZero();
    }

    /** An answer of a store that is ahead by so much and shows whole seconds. */
    private void learn(Duration ahead, Duration took) {
        long sentAt = clock.uncorrected();
        source.advance(took.dividedBy(2));
        Instant second = Instant.ofEpochSecond(source.instant().plus(ahead).getEpochSecond());
        source.advance(took.dividedBy(2));
        clock.learn(sentAt, clock.uncorrected(), new StoreTime(second, second.plusMillis(999)));
    }
}
