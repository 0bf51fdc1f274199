package io.breakwater.scoreboard;

import static io.breakwater.scoreboard.Page.format;
import static io.breakwater.scoreboard.Page.number;
import static io.breakwater.scoreboard.Page.seconds;

import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.WithoutPlainlyFailing;
import io.breakwater.scoreboard.Plan.Traffic;
import io.breakwater.scoreboard.Plot.Axis;
import io.breakwater.scoreboard.Plot.Line;
import io.breakwater.scoreboard.Plot.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;

/** A healthy fleet whose service begins to fail; with and without the rule for what is plainly failing. */
final class Onset {
    private static final Contender WITH = new Contender(Contestant.BREAKWATER.title(), Contestant.BREAKWATER);
    private static final Contender WITHOUT = new Contender(
            "Breakwater without the rule",
            BreakwaterFleet.with((store, clock, random, listener) ->
                    WithoutPlainlyFailing.worker(BreakerSettings.DEFAULTS, store, clock, random, listener)));
    private static final int ENVIRONMENTS = 50;
    private static final Duration CALL_TIME = Duration.ofSeconds(10);
    private static final Duration WARM = Duration.ofMinutes(2);
    private static final List<Integer> FAILING_PERCENT = List.of(31, 35, 40, 50, 60, 80, 100);
    private static final List<Blip> BLIPS = List.of(
            new Blip(100, 2),
            new Blip(100, 3),
            new Blip(100, 5),
            new Blip(100, 10),
            new Blip(100, 30),
            new Blip(50, 5),
            new Blip(50, 10),
            new Blip(50, 20),
            new Blip(50, 30),
            new Blip(50, 45));
    private static final List<Integer> STEADY_PERCENT = List.of(10, 20, 25, 28);
    private static final int SEEDS = 5;
    private static final Service GOOD = Service.healthy(CALL_TIME);

    private final List<Contender> contenders = new ArrayList<>(List.of(WITH, WITHOUT));
    private final Runs<Case> onsets;
    private final Runs<Case> blips;
    private final Runs<Case> steady;

    private record Contender(String title, Fleet.Maker maker) {}

    /** A short failure. */
    private record Blip(int failingPercent, int seconds) {}

    private record Case(Contender contender, Blip blip) {
        static Case lasting(Contender contender, int failingPercent) {
            return new Case(contender, new Blip(failingPercent, Integer.MAX_VALUE));
        }
    }

    Onset(Lanes lanes) {
        onsets = new Runs<>(lanes);
        blips = new Runs<>(lanes);
        steady = new Runs<>(lanes);
        Contestant.WITH_BREAKER.stream()
                .filter(contestant -> contestant != Contestant.BREAKWATER)
                .forEach(contestant -> contenders.add(new Contender(contestant.title(), contestant)));
        for (Contender contender : contenders) {
            FAILING_PERCENT.forEach(failing -> onsets.begin(
                    Case.lasting(contender, failing), contender.maker(), SEEDS, seed -> onset(failing, seed)));
        }
        for (Contender contender : List.of(WITH, WITHOUT)) {
            BLIPS.forEach(
                    blip -> blips.begin(new Case(contender, blip), contender.maker(), SEEDS, seed -> blip(blip, seed)));
            STEADY_PERCENT.forEach(failing -> steady.begin(
                    Case.lasting(contender, failing), contender.maker(), 2, seed -> steady(failing, seed)));
        }
    }

    private static Plan onset(int failingPercent, long seed) {
        Service bad = Service.throttling(failingPercent / 100.0, CALL_TIME);
        return plan(GOOD.until(WARM, bad), WARM.plusMinutes(5), seed)
                .withOnset(WARM)
                .untilItOpens();
    }

    private static Plan blip(Blip blip, long seed) {
        Service bad = Service.throttling(blip.failingPercent() / 100.0, CALL_TIME);
        Duration end = WARM.plusSeconds(blip.seconds());
        return plan(GOOD.until(WARM, bad.until(end, GOOD)), end.plusMinutes(10), seed)
                .withOnset(WARM)
                .withRecovery(end);
    }

    private static Plan steady(int failingPercent, long seed) {
        return plan(Service.throttling(failingPercent / 100.0, CALL_TIME), Duration.ofHours(1), seed);
    }

    private static Plan plan(Service service, Duration length, long seed) {
        return Plan.of(ENVIRONMENTS, Traffic.tenConcurrent(CALL_TIME), service, length, seed);
    }

    /** When failures of the share {@code p} make up 30 % of a minute's calls, and the last of these has ended. */
    private static double plainBound(int failingPercent) {
        return 60 * 30.0 / failingPercent + CALL_TIME.toSeconds();
    }

    private double toOpen(Contender contender, int failingPercent) {
        return onsets.median(Case.lasting(contender, failingPercent), Figures::toOpen);
    }

    private int trips(Contender contender, int failingPercent) {
        return steady.of(Case.lasting(contender, failingPercent)).stream()
                .mapToInt(Figures::trips)
                .sum();
    }

    void write(Page page) {
        page.heading("Onset on a warm, healthy fleet")
                .paragraph("""
                    50 environments, 10 calls of 10 s each, two healthy minutes; then a share of the calls is throttled. Seconds until
                    it opens, medians of 5 seeds. The window is full of good calls, so the plain rule must wait until failures are 30 % of a
                    minute: `60 s × 0.3 / p + call time` is its bound. *The rule* is number 3 of [the protocol](../breaker.md#when-it-opens): plainly failing.
                    """)
                .table(onsetTable())
                .plot("onset", onsetPlot());
        page.subheading("Should the rule be on?")
                .paragraph("""
                    What it gains is above. What it costs is a pause after a short failure: some seconds of throttling, then ten
                    good minutes. Medians of 5 seeds, 50 calls a second.
                    """)
                .table(blipTable())
                .paragraph("And at a steady rate below the threshold: false trips in 2 hours of 50 calls a second.")
                .table(steadyTable())
                .paragraph(verdict());
    }

    private Page.Table onsetTable() {
        List<String> header = new ArrayList<>(List.of("failing", "plain rule's bound"));
        contenders.forEach(contender -> header.add(contender.title()));
        Page.Table table = new Page.Table(header.toArray(String[]::new));
        for (int failing : FAILING_PERCENT) {
            List<String> cells = new ArrayList<>(List.of(failing + " %", seconds(plainBound(failing))));
            contenders.forEach(contender -> cells.add(seconds(toOpen(contender, failing))));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    private Plot onsetPlot() {
        List<Line> lines = new ArrayList<>();
        contenders.forEach(contender -> lines.add(line(contender.title(), failing -> toOpen(contender, failing))));
        lines.add(line("plain rule's bound", Onset::plainBound));
        return new Plot(
                "Onset on a warm fleet: time to open",
                Axis.even("failing, %", 30, 40, 50, 60, 70, 80, 90, 100),
                Axis.even("seconds, median", 0, 20, 40, 60, 80, 100),
                lines);
    }

    private static Line line(String name, IntToDoubleFunction toOpen) {
        return new Line(
                name,
                FAILING_PERCENT.stream()
                        .map(failing -> new Point(failing, toOpen.applyAsDouble(failing)))
                        .toList());
    }

    private Page.Table blipTable() {
        Page.Table table = new Page.Table(
                "failing",
                "for",
                "opens, with / without",
                "failed calls, with / without",
                "good calls refused, with / without");
        for (Blip blip : BLIPS) {
            table.row(
                    blip.failingPercent() + " %",
                    blip.seconds() + " s",
                    opened(WITH, blip) + " / " + opened(WITHOUT, blip),
                    both(blip, Figures::failed),
                    both(blip, Figures::refusedGood));
        }
        return table;
    }

    private String both(Blip blip, ToDoubleFunction<Figures> figure) {
        return number(blips.median(new Case(WITH, blip), figure)) + " / "
                + number(blips.median(new Case(WITHOUT, blip), figure));
    }

    private String opened(Contender contender, Blip blip) {
        List<Figures> runs = blips.of(new Case(contender, blip));
        return runs.stream().filter(run -> run.trips() > 0).count() + " of " + runs.size();
    }

    private Page.Table steadyTable() {
        Page.Table table = new Page.Table("failing", "with the rule", "without");
        for (int failing : STEADY_PERCENT) {
            table.row(
                    failing + " %", Integer.toString(trips(WITH, failing)), Integer.toString(trips(WITHOUT, failing)));
        }
        return table;
    }

    private String verdict() {
        return format(
                """
                **On by default.** For: at 40 %% failing it opens after %.0f s instead of %.0f s, at 50 %% after %.0f s instead of %.0f s, and
                until then the whole fleet goes on calling. At steady rates below the threshold it adds no false trips worth
                counting: %d at 10 %%, %d at 28 %%. Against: half of the calls failing for 10 to 30 s, or all for 3 s, is over before the
                plain rule has seen enough of it; with the rule it costs a pause of the cooldown, three stages and the ramp,
                thousands of calls at this rate, and saves some hundreds of failures at most. (All failing for 5 s opens it without the rule, too, by
                its failures in a row.) What decides is what a refused call costs: here its job goes to another endpoint or waits, and is
                not lost. Who has no second endpoint, and short failures often, would rather have the rule off; there is
                no setting for that.
                """,
                toOpen(WITH, 40),
                toOpen(WITHOUT, 40),
                toOpen(WITH, 50),
                toOpen(WITHOUT, 50),
                trips(WITH, 10) - trips(WITHOUT, 10),
                trips(WITH, 28) - trips(WITHOUT, 28));
    }
}
