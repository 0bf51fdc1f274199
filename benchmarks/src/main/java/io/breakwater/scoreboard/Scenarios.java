package io.breakwater.scoreboard;

import static io.breakwater.scoreboard.Page.number;
import static io.breakwater.scoreboard.Page.percent;
import static io.breakwater.scoreboard.Page.seconds;

import io.breakwater.model.FailureKind;
import io.breakwater.scoreboard.Plan.Traffic;
import io.breakwater.scoreboard.Plot.Axis;
import io.breakwater.scoreboard.Plot.Line;
import io.breakwater.scoreboard.Plot.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What befalls a fleet in operation: 50 environments, 10 calls of 10 s on their way in each. */
final class Scenarios {
    private static final int ENVIRONMENTS = 50;
    private static final int SEEDS = 5;
    private static final int RECOVERIES = 20;
    private static final Duration CALL_TIME = Duration.ofSeconds(10);
    private static final Duration WARM = Duration.ofMinutes(2);
    private static final Service GOOD = Service.healthy(CALL_TIME);
    private static final Service DOWN = Service.throttling(1, CALL_TIME);

    private final Runs<Contestant> storms;
    private final Runs<Contestant> quotas;
    private final Runs<Contestant> flaps;
    private final Runs<Contestant> recoveries;

    Scenarios(Lanes lanes) {
        storms = Runs.of(lanes, Contestant.ALL, SEEDS, Scenarios::storm);
        quotas = Runs.of(lanes, Contestant.ALL, SEEDS, Scenarios::quota);
        flaps = Runs.of(lanes, Contestant.ALL, SEEDS, Scenarios::flapping);
        recoveries = Runs.of(lanes, Contestant.ALL, RECOVERIES, Scenarios::recovery);
    }

    private static Plan storm(long seed) {
        Duration end = WARM.plusMinutes(5);
        Service storm = Service.throttling(0.95, CALL_TIME);
        return plan(GOOD.until(WARM, storm.until(end, GOOD)), end.plusMinutes(10), seed)
                .withOnset(WARM)
                .withRecovery(end);
    }

    private static Plan quota(long seed) {
        Service exhausted = Service.failing(1, FailureKind.DAILY_QUOTA, Service.THROTTLE_TIME, CALL_TIME);
        return plan(GOOD.until(WARM, exhausted), WARM.plusHours(1), seed).withOnset(WARM);
    }

    private static Plan flapping(long seed) {
        return plan(GOOD.alternatingWith(DOWN, Duration.ofSeconds(30)), Duration.ofMinutes(10), seed);
    }

    /** It recovers at any moment of a cooldown, by the seed. */
    private static Plan recovery(long seed) {
        Duration end = WARM.plusSeconds(40 + 7 * seed);
        return plan(GOOD.until(WARM, DOWN.until(end, GOOD)), end.plusMinutes(20), seed)
                .withOnset(WARM)
                .withRecovery(end);
    }

    private static Plan plan(Service service, Duration length, long seed) {
        return Plan.of(ENVIRONMENTS, Traffic.tenConcurrent(CALL_TIME), service, length, seed);
    }

    /** By how much the slowest recovery of ours was over what was left of its cooldown, in seconds. */
    double slowestRecovery() {
        return recoveries.of(Contestant.BREAKWATER, Scenarios::overCooldown).max();
    }

    private static double overCooldown(Figures run) {
        return run.toClose() - run.cooldownLeft();
    }

    /** What is aimed at: three calls, one for each stage, and 5 s. */
    static double recoveryBound() {
        return 3 * CALL_TIME.toSeconds() + 5;
    }

    void write(Page page) {
        page.heading("Scenarios").paragraph("""
            50 environments, 10 calls of 10 s on their way in each, and two healthy minutes first where not said otherwise. Medians of 5 seeds. *Good calls
            refused* would have succeeded.
            """);
        writeStorm(page);
        writeQuota(page);
        writeFlapping(page);
        writeRecovery(page);
    }

    private void writeStorm(Page page) {
        Page.Table table = new Page.Table(
                "contestant",
                "to open, s",
                "blocked after its first minute",
                "failed calls",
                "good calls refused",
                "closed after its end, s");
        for (Contestant contestant : Contestant.ALL) {
            table.row(
                    contestant.title(),
                    seconds(storms.median(contestant, Figures::toOpen)),
                    percent(storms.median(contestant, Figures::blocked)),
                    number(storms.median(contestant, Figures::failed)),
                    number(storms.median(contestant, Figures::refusedGood)),
                    closed(contestant, storms.median(contestant, Figures::toClose)));
        }
        page.subheading("Throttle storm").paragraph("""
            95 % are throttled for five minutes; then all is well. The late closing is the price of a cooldown that
            doubles with each failed probe: 60, 120, 240 s.
            """).table(table).plot("storm", stormPlot());
    }

    private static String closed(Contestant contestant, double seconds) {
        return contestant == Contestant.NO_BREAKER ? "–" : seconds(seconds);
    }

    private Plot stormPlot() {
        List<Line> lines = new ArrayList<>();
        for (Contestant contestant : Contestant.ALL) {
            List<Integer> sent = storms.of(contestant).getFirst().sentPerSlot();
            List<Point> points = new ArrayList<>();
            for (int slot = 0; slot < sent.size(); slot++) {
                double minutes = (slot + 0.5) * Run.SLOT.toSeconds() / 60;
                points.add(new Point(minutes, (double) sent.get(slot) / Run.SLOT.toSeconds()));
            }
            lines.add(new Line(contestant.title(), points));
        }
        return new Plot(
                "Throttle storm from minute 2 to 7: calls that reach the endpoint",
                Axis.even("minutes", 0, 2, 4, 6, 8, 10, 12, 14),
                Axis.even("calls a second", 0, 10, 20, 30, 40, 50, 60),
                lines);
    }

    private void writeQuota(Page page) {
        Page.Table table = new Page.Table("contestant", "to open, s", "failed calls in the hour", "of calls wanted");
        for (Contestant contestant : Contestant.ALL) {
            table.row(
                    contestant.title(),
                    seconds(quotas.median(contestant, Figures::toOpen)),
                    number(quotas.median(contestant, Figures::failed)),
                    number(quotas.median(contestant, Figures::wanted)));
        }
        page.subheading("Daily quota")
                .paragraph("From minute 2 on, every call is told \"Too many tokens per day\", in 50 ms, for an hour.")
                .table(table);
    }

    private void writeFlapping(Page page) {
        Page.Table table = new Page.Table(
                "contestant", "to open, s", "times opened", "failed calls", "good calls refused", "of calls wanted");
        for (Contestant contestant : Contestant.ALL) {
            table.row(
                    contestant.title(),
                    seconds(flaps.median(contestant, Figures::toOpen)),
                    number(flaps.median(contestant, Figures::trips)),
                    number(flaps.median(contestant, Figures::failed)),
                    number(flaps.median(contestant, Figures::refusedGood)),
                    number(flaps.median(contestant, Figures::wanted)));
        }
        page.subheading("Flapping").paragraph("""
            30 s good, 30 s all throttled, by turns, for 10 minutes from the first good half on. A cooldown of 60 s meets the bad half
            again and again, and three stages of 10 s do not fit into a good one.
            """).table(table);
    }

    private void writeRecovery(Page page) {
        Page.Table table = new Page.Table(
                "contestant", "cooldown left, s", "closed after, s", "beyond the cooldown, median", "most", "bound");
        for (Contestant contestant : Contestant.WITH_BREAKER) {
            Sample beyond = recoveries.of(contestant, Scenarios::overCooldown);
            table.row(
                    contestant.title(),
                    seconds(recoveries.median(contestant, Figures::cooldownLeft)),
                    seconds(recoveries.median(contestant, Figures::toClose)),
                    seconds(beyond.median()),
                    seconds(beyond.max()),
                    seconds(recoveryBound()));
        }
        page.subheading("Recovery").paragraph("""
            All calls are throttled until the endpoint recovers, 47 to 180 s later by the seed: 20 seeds. From its recovery to CLOSED,
            and how much of that is beyond what was left of the cooldown; the bound is three calls, one a stage, and 5 s.
            Resilience4j is closed when every environment is.
            """).table(table);
    }
}
