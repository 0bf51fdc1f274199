package io.breakwater.scoreboard;

import static io.breakwater.scoreboard.Page.format;

import io.breakwater.scoreboard.Plan.Traffic;
import java.time.Duration;

/** What the breaker asks of its store while nothing is wrong. */
final class StoreCost {
    private static final Duration CALL_TIME = Duration.ofSeconds(10);
    private static final int ENVIRONMENTS = 50;

    private final Runs<Contestant> runs;

    StoreCost(Lanes lanes) {
        runs = Runs.of(lanes, Contestant.ALL, 1, StoreCost::plan);
    }

    static Plan plan(long seed) {
        return Plan.of(
                ENVIRONMENTS,
                Traffic.tenConcurrent(CALL_TIME),
                Service.healthy(CALL_TIME),
                Duration.ofMinutes(30),
                seed);
    }

    double reads(Contestant contestant) {
        return figures(contestant).readsPerCall();
    }

    double writes(Contestant contestant) {
        return figures(contestant).writesPerCall();
    }

    private Figures figures(Contestant contestant) {
        return runs.of(contestant).getFirst();
    }

    void write(Page page) {
        Page.Table table = new Page.Table("contestant", "reads per call", "writes per call");
        for (Contestant contestant : Contestant.ALL) {
            table.row(contestant.title(), format("%.4f", reads(contestant)), format("%.4f", writes(contestant)));
        }
        page.heading("What it costs").paragraph("""
            50 environments with 10 calls of 10 s on their way in each, all of which succeed, for 30 minutes. Breakwater's
            environments tell of their calls each 4 s in one write, whose answer spares them the read.
            """).table(table);
    }
}
