package io.breakwater.scoreboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.scoreboard.Plot.Axis;
import io.breakwater.scoreboard.Plot.Line;
import io.breakwater.scoreboard.Plot.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageTest {
    @Test
    void theSameSeedsGiveTheSamePage() {
        assertThat(page()).isEqualTo(page());
    }

    @Test
    void ofTwoHundredCallersAtOnceNoneOfOursGoesBeyondItsStage() {
        assertThat(Overshoot.waves(Contestant.BREAKWATER, 200))
                .extracting(Overshoot.Wave::permits)
                .containsExactly(1, 5, 10);
    }

    @Test
    void aPlotLeavesOutWhatNeverHappened() {
        Plot plot = new Plot(
                "Plot",
                Axis.even("x", 0, 1, 2),
                Axis.logarithmic("y", 1, 10),
                List.of(new Line("line", List.of(new Point(1, 5), new Point(2, Double.POSITIVE_INFINITY)))));

        assertThat(plot.svg()).contains("<circle").doesNotContain("Infinity").endsWith("</svg>\n");
    }

    /** Of runs on several threads, with callers that take turns. */
    private static String page() {
        Page page = new Page();
        try (Lanes lanes = new Lanes()) {
            var overshoot = new Overshoot(lanes);
            var regionLoss = new RegionLoss(lanes);
            overshoot.write(page);
            regionLoss.write(page);
        }
        return page.markdown();
    }
}
