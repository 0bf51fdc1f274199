package io.breakwater.scoreboard;

import static io.breakwater.scoreboard.Page.format;
import static io.breakwater.scoreboard.Page.number;
import static io.breakwater.scoreboard.Page.percent;
import static io.breakwater.scoreboard.Page.seconds;

import io.breakwater.scoreboard.Plan.Traffic;
import io.breakwater.scoreboard.Plot.Axis;
import io.breakwater.scoreboard.Plot.Line;
import io.breakwater.scoreboard.Plot.Point;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Every contestant at every fleet size, failure rate and call time. The window is empty when it begins. */
final class Matrix {
    private static final List<Integer> ENVIRONMENTS = List.of(1, 10, 50, 200);
    private static final List<Integer> FAILING_PERCENT = List.of(1, 10, 31, 40, 90, 100);
    private static final List<Duration> CALL_TIMES =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(60));
    private static final int THRESHOLD_PERCENT = 30;

    private final Runs<Cell> runs;

    /** One set-up of one contestant. */
    record Cell(int environments, int failingPercent, Duration callTime, Contestant contestant) {
        private double callsPerSecond() {
            return environments * 10_000.0 / callTime.toMillis();
        }

        private int seeds() {
            return callsPerSecond() > 1000 ? 1 : callsPerSecond() > 100 ? 3 : 5;
        }

        Plan plan(long seed) {
            Duration length = callTime.compareTo(Duration.ofSeconds(10)) > 0
                    ? Duration.ofMinutes(15)
                    : callsPerSecond() > 1000 ? Duration.ofMinutes(3) : Duration.ofMinutes(5);
            Service service = Service.throttling(failingPercent / 100.0, callTime);
            return Plan.of(environments, Traffic.tenConcurrent(callTime), service, length, seed);
        }
    }

    Matrix(Lanes lanes) {
        runs = new Runs<>(lanes);
        for (Duration callTime : CALL_TIMES) {
            for (int failing : FAILING_PERCENT) {
                for (int environments : ENVIRONMENTS) {
                    for (Contestant contestant : Contestant.ALL) {
                        Cell cell = new Cell(environments, failing, callTime, contestant);
                        runs.begin(cell, contestant, cell.seeds(), cell::plan);
                    }
                }
            }
        }
    }

    private double blocked(Cell cell) {
        return runs.of(cell, Figures::blocked).mean();
    }

    private Stream<Cell> ours() {
        return runs.keys().stream().filter(cell -> cell.contestant() == Contestant.BREAKWATER);
    }

    /** What would be blocked if nothing but the stages' probes had gone. */
    private double allowed(Cell cell) {
        return runs.of(cell, Figures::allowed).mean();
    }

    /** Our cells at 40 % or more whose probes leave room for what is aimed at, or those whose probes do not. */
    private Stream<Cell> plainlyFailing(double aim, boolean reachable) {
        return ours().filter(cell -> cell.failingPercent() >= 40).filter(cell -> allowed(cell) >= aim == reachable);
    }

    /** The least that ours blocks where its probes leave room for as much as is aimed at. */
    double leastBlocked(double aim) {
        return plainlyFailing(aim, true).mapToDouble(this::blocked).min().orElseThrow();
    }

    /** How far ours is from what its probes leave room for, at most, where that is less than is aimed at. */
    double furthestFromBound(double aim) {
        return plainlyFailing(aim, false)
                .mapToDouble(cell -> allowed(cell) - blocked(cell))
                .max()
                .orElse(0);
    }

    long cellsWithin(double aim) {
        return plainlyFailing(aim, true).count();
    }

    long cellsOutOfReach(double aim) {
        return plainlyFailing(aim, false).count();
    }

    /** How many seconds' worth of calls ours sent after it was open, at most. */
    double longestUnheard() {
        return ours().mapToDouble(cell -> runs.of(cell, Figures::sentWhileOpen).max() / cell.callsPerSecond())
                .max()
                .orElseThrow();
    }

    int probesBeyond() {
        return (int)
                ours().mapToDouble(cell -> runs.of(cell, Figures::probesBeyond).max())
                        .sum();
    }

    void write(Page page) {
        page.heading("The matrix").paragraph("""
            Fleets of 1 to 200 environments, each with 10 calls on their way while all goes well; the service throttles a fixed
            share of the calls from the start, when no window holds anything. *To open*: until the state that the fleet shares is
            first OPEN, the median of the seeds; Resilience4j, which shares none, counts as open when half of its environments are.
            *Failed before*: failed calls until then. *Sent while open*: calls that went although the fleet's state
            was OPEN, not as probes. *Blocked*: share of calls refused after the first minute; *bound*: the same for complete information in the same
            luck, whose probes go too. *Beyond*: probes over their stage's limit, the most of any seed. *False trips*: times it
            went from CLOSED to OPEN although fewer than 30 % fail, the mean. 5 minutes each (15 for calls of 60 s, 3 for 200
            environments of 1 s calls); 5 seeds, 3 over 100 calls a second, 1 over 1,000.
            """).plot("to-open", plotToOpen()).plot("blocked", plotBlocked());
        for (Duration callTime : CALL_TIMES) {
            for (int failing : FAILING_PERCENT) {
                page.folded(
                        format("calls of %d s, %d %% failing", callTime.toSeconds(), failing),
                        table(callTime, failing));
            }
        }
    }

    private Page.Table table(Duration callTime, int failing) {
        Page.Table table = new Page.Table(
                "environments",
                "contestant",
                "to open, s",
                "failed before",
                "sent while open",
                "blocked",
                "bound",
                "beyond",
                "false trips",
                "reads/call",
                "writes/call");
        for (int environments : ENVIRONMENTS) {
            for (Contestant contestant : Contestant.ALL) {
                Cell cell = new Cell(environments, failing, callTime, contestant);
                double toOpen = runs.median(cell, Figures::toOpen);
                table.row(
                        Integer.toString(environments),
                        contestant.title(),
                        seconds(toOpen),
                        number(runs.median(cell, Figures::failedBefore)),
                        Double.isInfinite(toOpen) ? "–" : number(runs.median(cell, Figures::sentWhileOpen)),
                        percent(blocked(cell)),
                        contestant == Contestant.NO_BREAKER ? "–" : percent(allowed(cell)),
                        number(runs.of(cell, Figures::probesBeyond).max()),
                        failing < THRESHOLD_PERCENT
                                ? number(runs.of(cell, Figures::trips).mean())
                                : "–",
                        format("%.3f", runs.median(cell, Figures::readsPerCall)),
                        format("%.3f", runs.median(cell, Figures::writesPerCall)));
            }
        }
        return table;
    }

    private Plot plotToOpen() {
        return new Plot(
                "Time to open, 40 % failing, calls of 10 s",
                Axis.logarithmic("environments", 1, 10, 50, 200),
                Axis.logarithmic("seconds, median", 0.1, 0.3, 1, 3, 10, 30, 100, 300),
                Contestant.WITH_BREAKER.stream()
                        .map(contestant -> new Line(
                                contestant.title(),
                                ENVIRONMENTS.stream()
                                        .map(environments -> new Point(
                                                environments,
                                                runs.median(
                                                        new Cell(environments, 40, CALL_TIMES.get(1), contestant),
                                                        Figures::toOpen)))
                                        .toList()))
                        .toList());
    }

    private Plot plotBlocked() {
        return new Plot(
                "Share blocked after the first minute, 50 environments, calls of 10 s",
                Axis.even("failing, %", 0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100),
                Axis.even("blocked, %", 0, 20, 40, 60, 80, 100),
                Contestant.ALL.stream()
                        .map(contestant -> new Line(
                                contestant.title(),
                                FAILING_PERCENT.stream()
                                        .map(failing -> new Point(
                                                failing,
                                                100 * blocked(new Cell(50, failing, CALL_TIMES.get(1), contestant))))
                                        .toList()))
                        .toList());
    }
}
