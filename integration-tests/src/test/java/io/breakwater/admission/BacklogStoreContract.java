package io.breakwater.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What every store of the backlog's report must do. */
abstract class BacklogStoreContract {
    private static final Instant START = Instant.parse("2126-03-01T10:00:00.123Z");

    abstract BacklogStore store();

    @Test
    void aReportIsReadAsItWasWrittenAndTheLatestCounts() {
        BacklogReport first = new BacklogReport(Duration.ofMillis(75_123), START);
        BacklogReport second = new BacklogReport(Duration.ZERO, START.plusMillis(1));
        BacklogReport early = new BacklogReport(Duration.ofDays(7), START.minusSeconds(60));

        store().write(first);
        assertThat(store().read()).contains(first);
        store().write(second);
        assertThat(store().read()).contains(second);
        store().write(early);
        assertThat(store().read()).contains(early);
    }
}
