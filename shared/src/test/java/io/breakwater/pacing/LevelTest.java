package io.breakwater.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LevelTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final double A_THOUSAND_A_SECOND = 1;

    /** A call that has no room asks again with fewer tokens, and is not to be sent to another model by chance. */
    @Test
    void aLevelBeginsWithWhatComesInTwoSecondsWhateverTheDice() {
        for (int seed = 0; seed < 1000; seed++) {
            Level level = new Level(new Random(seed));

            assertThat(level.wait(4096, A_THOUSAND_A_SECOND, NOW))
                    .as("seed %d", seed)
                    .isPresent();
            assertThat(level.wait(1024, A_THOUSAND_A_SECOND, NOW))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @Test
    void levelsThatBeginTogetherAreFullOneAfterTheOther() {
        Random random = new Random(1);

        long aThirdOfAMinute = Stream.generate(() -> new Level(random).wait(1, 1 / 60_000.0, NOW))
                .limit(1000)
                .filter(wait -> wait.orElseThrow().isBefore(NOW.plusSeconds(20)))
                .count();

        assertThat(aThirdOfAMinute).isBetween(250L, 420L);
    }
}
