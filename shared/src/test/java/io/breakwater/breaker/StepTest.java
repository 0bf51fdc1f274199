package io.breakwater.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.breaker.BreakerState.Outage;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StepTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void anOpeningByAnotherInTheSameMillisecondIsNotTakenForOnesOwn() {
        Step mine = new Step.MoveTo(0, opened("9 of 30 calls failed"), Optional.empty());

        assertThat(mine.showsIn(opened("9 of 30 calls failed"))).isTrue();
        assertThat(mine.showsIn(opened("12 of 40 calls failed"))).isFalse();
    }

    private static Open opened(String detail) {
        return new Open(
                1, NOW, NOW.plusSeconds(60), OpenReason.FAILURE_RATE, detail, new Outage(NOW, Optional.empty(), 0));
    }
}
