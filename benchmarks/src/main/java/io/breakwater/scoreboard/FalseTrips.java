package io.breakwater.scoreboard;

import static io.breakwater.scoreboard.Page.format;
import static io.breakwater.scoreboard.Page.number;
import static io.breakwater.scoreboard.Page.percent;
import static io.breakwater.scoreboard.Page.seconds;

import io.breakwater.breaker.BreakerSettings;
import io.breakwater.scoreboard.Plan.Traffic;
import io.breakwater.scoreboard.Plot.Axis;
import io.breakwater.scoreboard.Plot.Line;
import io.breakwater.scoreboard.Plot.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Openings that the endpoint gave no ground for. */
final class FalseTrips {
    private static final Duration CALL_TIME = Duration.ofSeconds(10);
    private static final int LONG_RUN_HOURS = 1000;
    private static final int STARTS = 300;
    private static final List<Double> CONFIDENCES = List.of(0.0, 0.5, 0.8, 0.9, 0.95, 0.99);
    private static final int CAUTION_HOURS = 200;
    private static final int CAUTION_SEEDS = 41;
    private static final double LOW_VOLUME = 10.0 / 60;
    private static final Duration WARM = Duration.ofMinutes(3);

    private final Runs<Contestant> longRuns;
    private final Runs<Contestant> starts;
    private final Runs<Double> cautionTrips;
    private final Runs<Double> cautionOpenings;

    FalseTrips(Lanes lanes) {
        longRuns = Runs.of(lanes, Contestant.WITH_BREAKER, 1, FalseTrips::longRun);
        starts = Runs.of(lanes, Contestant.WITH_BREAKER, STARTS, FalseTrips::start);
        cautionTrips = new Runs<>(lanes);
        cautionOpenings = new Runs<>(lanes);
        for (double confidence : CONFIDENCES) {
            Fleet.Maker maker = BreakwaterFleet.with(cautious(confidence));
            cautionTrips.begin(confidence, maker, 1, FalseTrips::lowVolume);
            cautionOpenings.begin(confidence, maker, CAUTION_SEEDS, FalseTrips::lowVolumeOnset);
        }
    }

    /** 60 calls a minute, from two environments. */
    private static Plan longRun(long seed) {
        return Plan.of(
                2, new Traffic.Open(0.5), Service.throttling(0.01, CALL_TIME), Duration.ofHours(LONG_RUN_HOURS), seed);
    }

    /** After an idle spell: 1,000 calls at once. */
    private static Plan start(long seed) {
        return Plan.of(50, new Traffic.Burst(20), Service.throttling(0.01, CALL_TIME), Duration.ofMinutes(1), seed);
    }

    private static Plan lowVolume(long seed) {
        return Plan.of(
                1,
                new Traffic.Open(LOW_VOLUME),
                Service.throttling(0.1, CALL_TIME),
                Duration.ofHours(CAUTION_HOURS),
                seed);
    }

    private static Plan lowVolumeOnset(long seed) {
        Service service = Service.healthy(CALL_TIME).until(WARM, Service.throttling(0.4, CALL_TIME));
        return Plan.of(1, new Traffic.Open(LOW_VOLUME), service, Duration.ofHours(5), seed)
                .withOnset(WARM)
                .untilItOpens();
    }

    private static BreakerSettings cautious(double confidence) {
        BreakerSettings d = BreakerSettings.DEFAULTS;
        return new BreakerSettings(
                d.failureRateThreshold(),
                d.window(),
                d.minimumCalls(),
                d.consecutiveFailures(),
                d.cooldown(),
                d.maximumCooldown(),
                d.halfOpenStages(),
                confidence,
                d.slowCall(),
                d.mode());
    }

    /** In the long run. */
    int trips(Contestant contestant) {
        return longRuns.of(contestant).getFirst().trips();
    }

    private long startsThatTripped(Contestant contestant) {
        return starts.of(contestant).stream().filter(run -> run.trips() > 0).count();
    }

    void write(Page page) {
        Page.Table table = new Page.Table(
                "contestant",
                format("openings in %,d hours, 60 calls a minute", LONG_RUN_HOURS),
                format("openings in %d starts with 1,000 calls at once", STARTS));
        for (Contestant contestant : Contestant.WITH_BREAKER) {
            table.row(
                    contestant.title(),
                    Integer.toString(trips(contestant)),
                    Long.toString(startsThatTripped(contestant)));
        }
        page.heading("False trips").paragraph("""
            1 % of the calls are throttled, in 50 ms; the others are answered in 10 s. Once for 1,000 hours without a break,
            60 calls a minute from two environments; and apart from that, starts from an empty window: 50 environments
            with 20 calls each in the same moment, whose failures come back before any answer.
            """).table(table);
        caution(page);
    }

    private void caution(Page page) {
        Page.Table table = new Page.Table(
                "`rateConfidence`",
                "false trips per 1,000 h at 10 %",
                "calls refused meanwhile",
                "time to open at 40 %, s");
        List<Point> points = new ArrayList<>();
        for (double confidence : CONFIDENCES) {
            double trips = cautionTrips.of(confidence).getFirst().trips() * (1000.0 / CAUTION_HOURS);
            double toOpen = cautionOpenings.median(confidence, Figures::toOpen);
            double refused = cautionTrips.of(confidence).getFirst().blocked();
            table.row(format("%.2f", confidence), number(trips), percent(refused), seconds(toOpen));
            points.add(new Point(Math.max(1, trips), toOpen, format("%.2f", confidence)));
        }
        page.subheading("The price of calm")
                .paragraph(format("""
                    One environment, 10 calls a minute: 10 %% of them throttled for %d hours, scaled to 1,000; and the time to open after
                    3 good minutes when 40 %% are, the median of %d seeds, at most 5 h.
                        A false trip is not over soon: while 10 %% fail, all of 16 probes succeed once in five times, and each failure doubles
                        the cooldown. So *calls refused* counts more than the number of trips.
                    """, CAUTION_HOURS, CAUTION_SEEDS))
                .table(table)
                .plot(
                        "caution",
                        new Plot(
                                "What rateConfidence buys, 10 calls a minute",
                                Axis.logarithmic(
                                        "false trips per 1,000 h at 10 % (1 stands for none)",
                                        1, 10, 100, 1000, 10_000),
                                Axis.logarithmic("seconds to open at 40 %, median", 10, 30, 100, 300, 1000, 3000),
                                List.of(new Line("rateConfidence", points))));
    }
}
