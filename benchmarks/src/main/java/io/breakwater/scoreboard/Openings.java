package io.breakwater.scoreboard;

import static io.breakwater.scoreboard.Page.number;
import static io.breakwater.scoreboard.Page.seconds;

import java.time.Duration;

/** Opening from an empty window, with few and slow calls: one at a time in each environment, failed ones take 10 s, too. */
final class Openings {
    private static final int SEEDS = 201;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Runs<Contestant> ten;
    private final Runs<Contestant> fifty;

    Openings(Lanes lanes) {
        ten = begin(lanes, 10);
        fifty = begin(lanes, 50);
    }

    private static Runs<Contestant> begin(Lanes lanes, int environments) {
        return Runs.of(
                lanes, Contestant.WITH_BREAKER, SEEDS, seed -> PeerFigures.untilOpen(environments, LONGEST, seed));
    }

    double tenEnvironments(Contestant contestant) {
        return ten.median(contestant, Figures::toOpen);
    }

    double fiftyEnvironments(Contestant contestant) {
        return fifty.median(contestant, Figures::toOpen);
    }

    void write(Page page) {
        Page.Table table = new Page.Table(
                "contestant", "10 environments, s", "failed before", "50 environments, s", "failed before");
        for (Contestant contestant : Contestant.WITH_BREAKER) {
            table.row(
                    contestant.title(),
                    seconds(tenEnvironments(contestant)),
                    number(ten.median(contestant, Figures::failedBefore)),
                    seconds(fiftyEnvironments(contestant)),
                    number(fifty.median(contestant, Figures::failedBefore)));
        }
        page.heading("Opening from an empty window, slow failures")
                .paragraph("""
                    One call at a time in each environment, 40 % fail, and failures take 10 s like answers. Medians of 201 seeds, of 10 minutes each. No
                    call that starts here is known to have failed for 10 s; complete information is told of each as it fails.
                    """)
                .table(table);
    }
}
