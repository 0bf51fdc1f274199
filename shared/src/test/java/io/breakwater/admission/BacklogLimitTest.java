package io.breakwater.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.admission.Refusal.BacklogTooOld;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BacklogLimitTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private final BacklogLimit limit = new BacklogLimit(Duration.ofSeconds(60));

    @Test
    void jobsAreRefusedWhileOthersWaitLongerThanTheMaximum() {
        assertThat(limit.decide(report(61, 15), NOW))
                .contains(new BacklogTooOld(Duration.ofSeconds(61), Duration.ofSeconds(60), Duration.ofSeconds(15)));
        assertThat(limit.decide(report(60, 15), NOW)).isEmpty();
        assertThat(limit.decide(report(0, 15), NOW)).isEmpty();
    }

    @Test
    void aReportWhoseTimeIsOverRefusesNothing() {
        assertThat(limit.decide(report(3600, 1), NOW)).isPresent();
        assertThat(limit.decide(report(3600, 0), NOW)).isEmpty();
        assertThat(limit.decide(report(3600, -5), NOW)).isEmpty();
    }

    @Test
    void aReportFromAClockThatIsFarAheadRefusesNothing() {
        assertThat(limit.decide(report(3600, 20), NOW))
                .get()
                .extracting(BacklogTooOld::retryAfter)
                .isEqualTo(Duration.ofSeconds(15));
        assertThat(limit.decide(report(3600, 31), NOW)).isEmpty();
        assertThat(limit.decide(report(3600, 86_400), NOW)).isEmpty();
    }

    @Test
    void whoIsRefusedWaitsASecondAtLeast() {
        BacklogReport report = new BacklogReport(Duration.ofHours(1), NOW.plusMillis(3));

        assertThat(limit.decide(report, NOW))
                .get()
                .extracting(BacklogTooOld::retryAfter)
                .isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({"1, 10", "40, 10", "60, 15", "240, 60", "604800, 60"})
    void aReportIsTrustedForAQuarterOfTheMaximumWithinBounds(long maximum, long trust) {
        assertThat(new BacklogLimit(Duration.ofSeconds(maximum)).trust()).isEqualTo(Duration.ofSeconds(trust));
    }

    private static BacklogReport report(long waited, long left) {
        return new BacklogReport(Duration.ofSeconds(waited), NOW.plusSeconds(left));
    }
}
