package io.breakwater.scoreboard;

import static io.breakwater.scoreboard.Page.format;
import static io.breakwater.scoreboard.Page.percent;

import java.util.ArrayList;
import java.util.List;

/** What the breaker aims at, and whether it gets there. */
final class Aims {
    private final List<Aim> aims = new ArrayList<>();

    /** One aim; {@code beside} says what nobody could do better, or what was counted. */
    record Aim(String what, String aim, String measured, String beside, boolean met) {}

    Aims(
            Matrix matrix,
            Openings openings,
            Overshoot overshoot,
            StoreCost cost,
            FalseTrips falseTrips,
            Scenarios scenarios) {
        opening(
                "50 environments",
                20,
                openings.fiftyEnvironments(Contestant.BREAKWATER),
                openings.fiftyEnvironments(Contestant.COMPLETE_INFORMATION));
        opening(
                "10 environments",
                30,
                openings.tenEnvironments(Contestant.BREAKWATER),
                openings.tenEnvironments(Contestant.COMPLETE_INFORMATION));
        double blocked = matrix.leastBlocked(0.98);
        aims.add(new Aim(
                "blocked after the first minute, at least 40 % failing",
                "≥ 98 %",
                percent(blocked),
                format(
                        "the least of %d cells whose probes allow it; in the other %d at most %.1f points below what"
                                + " they allow",
                        matrix.cellsWithin(0.98), matrix.cellsOutOfReach(0.98), 100 * matrix.furthestFromBound(0.98)),
                blocked >= 0.98));
        int trips = falseTrips.trips(Contestant.BREAKWATER);
        aims.add(new Aim(
                "false trips in 1,000 h at 1 %",
                "0",
                Integer.toString(trips),
                "complete information: " + falseTrips.trips(Contestant.COMPLETE_INFORMATION),
                trips == 0));
        int beyond = overshoot.beyond(Contestant.BREAKWATER);
        aims.add(new Aim(
                "permits beyond a stage, 200 callers at once",
                "0",
                Integer.toString(beyond),
                format("and %d in the whole matrix", matrix.probesBeyond()),
                beyond == 0 && matrix.probesBeyond() == 0));
        atMost("writes per call of 10 s", 0.25, cost.writes(Contestant.BREAKWATER));
        atMost("reads per call of 10 s", 0.5, cost.reads(Contestant.BREAKWATER));
        double unheard = matrix.longestUnheard();
        aims.add(new Aim(
                "calls sent after OPEN, because a worker had not heard",
                "≤ 5 s' worth",
                format("%.1f s' worth", unheard),
                "the most of any cell and seed",
                unheard <= 5));
        double recovery = scenarios.slowestRecovery();
        aims.add(new Aim(
                "recovery, beyond what is left of the cooldown",
                format("≤ 3 call times + 5 s = %.0f s", Scenarios.recoveryBound()),
                format("%.1f s", recovery),
                "the slowest of 20 seeds",
                recovery <= Scenarios.recoveryBound()));
    }

    private void opening(String fleet, double aim, double measured, double bound) {
        aims.add(new Aim(
                "opening from an empty window at 40 %, " + fleet,
                format("≤ %.0f s", aim),
                format("%.1f s", measured),
                format("complete information: %.1f s", bound),
                measured <= aim));
    }

    private void atMost(String what, double aim, double measured) {
        aims.add(new Aim(what, format("≤ %.2f", aim), format("%.4f", measured), "", measured <= aim));
    }

    List<Aim> all() {
        return aims;
    }

    void write(Page page) {
        Page.Table table = new Page.Table("aim", "", "measured", "beside", "");
        aims.forEach(aim ->
                table.row(aim.what(), aim.aim(), aim.measured(), aim.beside(), aim.met() ? "met" : "**not met**"));
        page.heading("Aims").table(table);
    }
}
