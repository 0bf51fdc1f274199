package io.breakwater.overload;

import static io.breakwater.scoreboard.Page.format;
import static io.breakwater.scoreboard.Page.number;
import static io.breakwater.scoreboard.Page.percent;

import io.breakwater.overload.OverloadRun.Figures;
import io.breakwater.scoreboard.Lanes;
import io.breakwater.scoreboard.Page;
import io.breakwater.scoreboard.Plot;
import io.breakwater.scoreboard.Plot.Axis;
import io.breakwater.scoreboard.Plot.Line;
import io.breakwater.scoreboard.Plot.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/** Every contestant at every quota and load. */
final class Demand {
    static final double GOODPUT_AIM = 0.95;
    static final double THROTTLED_AIM = 0.05;

    private static final List<Contestant> AIMED = List.of(Contestant.BREAKWATER, Contestant.QUOTA_CONFIGURED);
    private static final List<Double> LOADS = List.of(0.5, 1.0, 2.0, 4.0);
    private static final Duration HOUR = Duration.ofHours(1);

    /** The plots are those of the first. */
    static final List<Endpoint> ENDPOINTS = List.of(
            new Endpoint(QuotaModel.STEADY, 600, 20, HOUR, 3),
            new Endpoint(QuotaModel.WHOLE_MINUTES, 600, 20, HOUR, 1),
            new Endpoint(QuotaModel.DEEP, 600, 20, HOUR, 1),
            new Endpoint(QuotaModel.STEADY, 60, 10, HOUR, 3),
            new Endpoint(QuotaModel.STEADY, 6000, 50, Duration.ofMinutes(10), 1));

    private final List<Endpoint> endpoints;
    private final Endpoint plotted;
    private final Map<Cell, Supplier<List<Figures>>> runs = new LinkedHashMap<>();

    /** A table: an endpoint, the fleet that calls it, and how long and often. */
    record Endpoint(QuotaModel model, int perMinute, int workers, Duration length, int seeds) {
        String title() {
            return format("%,d calls a minute, %d workers: %s", perMinute, workers, model.title());
        }

        Endpoint forAnHour() {
            return new Endpoint(model, perMinute, workers, HOUR, seeds);
        }
    }

    private record Cell(Endpoint endpoint, double load, Contestant contestant) {
        Figures run(long seed) {
            return OverloadRun.of(
                    contestant,
                    new Situation(
                            endpoint.model(), endpoint.perMinute(), endpoint.workers(), load, endpoint.length(), seed));
        }
    }

    Demand(Lanes lanes, List<Endpoint> endpoints) {
        this.endpoints = endpoints;
        this.plotted = endpoints.getFirst();
        for (Endpoint endpoint : endpoints.reversed()) {
            for (double load : LOADS.reversed()) {
                AIMED.forEach(contestant -> begin(new Cell(endpoint.forAnHour(), load, contestant), lanes));
                Contestant.ALL.forEach(contestant -> begin(new Cell(endpoint, load, contestant), lanes));
            }
        }
    }

    private void begin(Cell cell, Lanes lanes) {
        runs.computeIfAbsent(cell, _ -> {
            List<Supplier<Figures>> seeds = LongStream.rangeClosed(
                            1, cell.endpoint().seeds())
                    .mapToObj(seed -> lanes.begin(() -> cell.run(seed)))
                    .toList();
            return () -> seeds.stream().map(Supplier::get).toList();
        });
    }

    private DoubleStream values(Cell cell, ToDoubleFunction<Figures> figure) {
        return Objects.requireNonNull(runs.get(cell)).get().stream().mapToDouble(figure);
    }

    private double mean(Cell cell, ToDoubleFunction<Figures> figure) {
        return values(cell, figure).average().orElseThrow();
    }

    private DoubleStream everySeed(Endpoint endpoint, Contestant contestant, ToDoubleFunction<Figures> figure) {
        return LOADS.stream()
                .mapToDouble(Double::doubleValue)
                .flatMap(load -> values(new Cell(endpoint, load, contestant), figure));
    }

    void writeAims(Page page) {
        Page.Table table = new Page.Table("endpoint and fleet", "contestant", "goodput", "", "throttled", "");
        for (Endpoint endpoint : endpoints) {
            Endpoint hour = endpoint.forAnHour();
            for (Contestant contestant : AIMED) {
                double goodput =
                        everySeed(hour, contestant, Figures::goodput).min().orElseThrow();
                double throttled =
                        everySeed(hour, contestant, Figures::throttled).max().orElseThrow();
                table.row(
                        endpoint.title(),
                        contestant.title(),
                        format("%.3f", goodput),
                        verdict(goodput >= GOODPUT_AIM),
                        percent(throttled),
                        verdict(throttled <= THROTTLED_AIM));
            }
        }
        page.heading("Aims")
                .paragraph(format("""
                    A goodput of %.2f at least, and %.0f %% of the calls throttled at most, in an hour that begins cold. The worst of
                    every load and seed.
                    """, GOODPUT_AIM, 100 * THROTTLED_AIM))
                .table(table)
                .paragraph("""
                    Both are harder to meet where the quota has to be learnt from throttles and throttles are coarse: a quota of whole minutes
                    throttles all that comes between its being used up and the next minute, and of 60 calls a minute one throttle is
                    1.7 %. A quota that is configured is kept to.
                    """);
    }

    private static String verdict(boolean met) {
        return met ? "met" : "**not met**";
    }

    void write(Page page) {
        page.heading("More work than the quota takes")
                .paragraph("""
                    Jobs arrive at random, at 0.5 to 4 times an endpoint's quota of calls a minute; each needs one call of 10 s, and a
                    throttled call is back in 50 ms. *Goodput*: calls that were taken, as a share of those that an oracle gets through
                    who knows the quota and has no call refused: what has arrived by the end, or all that the endpoint takes by then if that is less. *Throttled*: as a
                    share of all calls. *Calls per job*: calls, in vain or not, for each that was taken. *Openings*: how often the breaker opened, out of a recovery
                    too. *Store requests*: the whole fleet's to the stores of breaker and pace, a minute. Means of the seeds.

                    Breakwater learns the quota from throttles; *quota configured* was told it; its *breaker alone* has no pacing. A job that is
                    refused or throttled waits as the worker makes it wait, 5 s and twice as long each time, up to 12 minutes. *Backoff with
                    jitter*: each job for itself waits a random part of 1 s, doubled up to 60 s, and never gives up. *Naive retry*: three calls at once; the queue
                    delivers the job again after 30 s.
                    """)
                .plot("goodput", plot("Goodput", Figures::goodput))
                .plot("throttled", plot("Throttled", Figures::throttled));
        for (Endpoint endpoint : endpoints) {
            page.subheading(endpoint.title())
                    .paragraph(format(
                            "%d minutes, %s.",
                            endpoint.length().toMinutes(),
                            endpoint.seeds() == 1 ? "one seed" : endpoint.seeds() + " seeds"))
                    .table(table(endpoint));
        }
    }

    private Page.Table table(Endpoint endpoint) {
        Page.Table table = new Page.Table(
                "load", "contestant", "goodput", "throttled", "calls per job", "openings", "store requests");
        for (double load : LOADS) {
            for (Contestant contestant : Contestant.ALL) {
                Cell cell = new Cell(endpoint, load, contestant);
                table.row(
                        number(load),
                        contestant.title(),
                        format("%.3f", mean(cell, Figures::goodput)),
                        percent(mean(cell, Figures::throttled)),
                        format("%.2f", mean(cell, Figures::callsPerJob)),
                        number(mean(cell, Figures::openings)),
                        format("%.0f", mean(cell, Figures::storeRequestsPerMinute)));
            }
        }
        return table;
    }

    private Plot plot(String title, ToDoubleFunction<Figures> figure) {
        List<Line> lines = new ArrayList<>();
        for (Contestant contestant : Contestant.ALL) {
            lines.add(new Line(
                    contestant.title(),
                    LOADS.stream()
                            .map(load -> new Point(load, 100 * mean(new Cell(plotted, load, contestant), figure)))
                            .toList()));
        }
        return new Plot(
                title + " under load, a steady quota of " + plotted.perMinute() + " a minute",
                Axis.logarithmic("load, as a multiple of the quota", 0.5, 1, 2, 4),
                Axis.even(title.toLowerCase(Locale.ROOT) + ", %", 0, 20, 40, 60, 80, 100),
                lines);
    }
}
