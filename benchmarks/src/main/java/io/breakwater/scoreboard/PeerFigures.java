package io.breakwater.scoreboard;

import static io.breakwater.scoreboard.Page.format;
import static io.breakwater.scoreboard.Page.number;
import static io.breakwater.scoreboard.Page.percent;

import io.breakwater.model.FailureKind;
import io.breakwater.scoreboard.Plan.Traffic;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Whether the peers, built again, do what was published of them. The set-up is that of the figures: one call at a time in
 * each environment, and every call, failed ones too, takes 10 s.
 */
final class PeerFigures {
    private static final Duration CALL_TIME = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofHours(2);
    private static final int CALLERS = 100;
    private static final int SEEDS = 1000;

    private final Supplier<List<Figures>> healthy;
    private final Supplier<List<Figures>> failing;
    private final Supplier<List<Figures>> fifty;
    private final Supplier<List<Figures>> ten;

    /** A figure, as published and as found. */
    record Reproduction(String figure, double published, double found) {
        /** How far they are apart, as a share of what was published. */
        double error() {
            return Math.abs(found - published) / published;
        }
    }

    PeerFigures(Lanes lanes) {
        healthy = lanes.runs(Contestant.LAST_WRITER_WINS, 1, seed -> plan(50, 0, Duration.ofMinutes(30), seed));
        failing = lanes.runs(Contestant.LAST_WRITER_WINS, 5, seed -> plan(50, 0.4, Duration.ofMinutes(5), seed));
        fifty = lanes.runs(Contestant.FAILURES_PER_ENVIRONMENT, SEEDS, seed -> untilOpen(50, LONGEST, seed));
        ten = lanes.runs(Contestant.FAILURES_PER_ENVIRONMENT, SEEDS, seed -> untilOpen(10, LONGEST, seed));
    }

    /** One call at a time in each environment, and all of them take as long. */
    static Plan plan(int environments, double failing, Duration length, long seed) {
        Service service = Service.failing(failing, FailureKind.TIMEOUT, CALL_TIME, CALL_TIME);
        return Plan.of(environments, new Traffic.OneAtATime(CALL_TIME), service, length, seed);
    }

    static Plan untilOpen(int environments, Duration longest, long seed) {
        return plan(environments, 0.4, longest, seed).untilItOpens();
    }

    List<Reproduction> reproductions() {
        Figures each = healthy.get().getFirst();
        return List.of(
                new Reproduction("A: reads per call", 1, each.readsPerCall()),
                new Reproduction("A: writes per call", 1, each.writesPerCall()),
                new Reproduction(
                        "A: of " + CALLERS + " callers at once, how many become the one probe",
                        CALLERS,
                        Overshoot.waves(Contestant.LAST_WRITER_WINS, CALLERS)
                                .getFirst()
                                .permits()),
                new Reproduction(
                        "B: seconds until it opens, 50 environments, median",
                        56,
                        Sample.of(fifty.get(), Figures::toOpen).median()),
                new Reproduction(
                        "B: failed calls until then, median",
                        117,
                        Sample.of(fifty.get(), Figures::failedBefore).median()),
                new Reproduction(
                        "B: seconds until it opens, 10 environments, median",
                        158,
                        Sample.of(ten.get(), Figures::toOpen).median()));
    }

    /** Published as under 10 %. */
    double blockedByLastWriterWins() {
        return Sample.of(failing.get(), Figures::blocked).mean();
    }

    void write(Page page) {
        Page.Table table = new Page.Table("figure", "published", "here", "apart");
        reproductions()
                .forEach(one -> table.row(
                        one.figure(), number(one.published()), format("%.3g", one.found()), percent(one.error())));
        table.row(
                "A: share blocked, 50 environments, 40 % failing",
                "under 10 %",
                percent(blockedByLastWriterWins()),
                blockedByLastWriterWins() < 0.1 ? "holds" : "does not hold");
        page.heading("The peers, built again")
                .paragraph(format("""
                    Peers A and B are no code of their authors: both are **re-implemented from their descriptions**
                    (`LastWriterWins`, `FailuresPerEnvironment`), and first have to do what was published of them. One call
                    at a time in each environment, begun at random times; all calls, failed ones too, take 10 s; 40 %% fail.
                    """))
                .table(table)
                .paragraph(format(
                        """
                        On B: five failures in a row take 5 calls, of which the first was on its way, so nothing opens before some 40 s.
                        Then, with p = 0.4, a run of five ends in one environment's next call with probability (1 − p) p⁵ = 0.6 %%: in one
                        of 50 environments with 26 %%, in one of 10 with 6 %% per 10 s. That has a long tail. The published figures, said to be means over
                        seeds, agree with the **medians** of %d seeds; the means are %.1f s, %.0f failed calls and %.1f s, and
                        no start of the rounds brings them nearer (all at once, they are 73 s and 201 s by the same probabilities).
                        """,
                        SEEDS,
                        Sample.of(fifty.get(), Figures::toOpen).mean(),
                        Sample.of(fifty.get(), Figures::failedBefore).mean(),
                        Sample.of(ten.get(), Figures::toOpen).mean()));
    }
}
