package io.breakwater.overload;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.job.JobStatus;
import io.breakwater.overload.Demand.Endpoint;
import io.breakwater.scoreboard.Lanes;
import io.breakwater.scoreboard.Page;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverloadTest {
    @Test
    void ofTwiceTheQuotaOursGetsNearlyAllThroughAndHardlyGoesBeyond() {
        OverloadRun.Figures ours = OverloadRun.of(
                Contestant.BREAKWATER, new Situation(QuotaModel.STEADY, 300, 10, 2, Duration.ofHours(1), 1));

        assertThat(ours.goodput()).isGreaterThanOrEqualTo(Demand.GOODPUT_AIM);
        assertThat(ours.throttled()).isLessThanOrEqualTo(Demand.THROTTLED_AIM);
    }

    @Test
    void aDayWithoutAQuotaLosesNoJob() {
        DayFigures day = DayRun.of(new Day("a day", 500, 1, Duration.ofDays(1), true, 1));

        assertThat(day.ended()).containsOnlyKeys(JobStatus.SUCCEEDED).containsEntry(JobStatus.SUCCEEDED, 500);
        assertThat(day.callsInVain())
                .as("five that open it, and a probe each quarter of an hour")
                .isLessThanOrEqualTo(5 + 24);
    }

    @Test
    void theSameSeedsGiveTheSamePage() {
        assertThat(page()).isEqualTo(page());
    }

    private static String page() {
        Page page = new Page();
        try (Lanes lanes = new Lanes()) {
            Demand demand =
                    new Demand(lanes, List.of(new Endpoint(QuotaModel.STEADY, 60, 5, Duration.ofMinutes(10), 2)));
            demand.writeAims(page);
            demand.write(page);
        }
        return page.markdown();
    }
}
