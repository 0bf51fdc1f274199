package io.breakwater.scoreboard;

import static io.breakwater.scoreboard.Page.number;
import static io.breakwater.scoreboard.Page.seconds;

import io.breakwater.breaker.BreakerListener;
import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.health.DailyQuotaScope;
import io.breakwater.health.InMemoryRegionStore;
import io.breakwater.health.RegionRegistry;
import io.breakwater.health.RegionRule;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import io.breakwater.scoreboard.Plan.Traffic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A region is lost: two endpoints in much use, and a third that is seldom called. */
final class RegionLoss {
    private static final List<Endpoint> ENDPOINTS = List.of(endpoint("busy"), endpoint("busy-too"), endpoint("quiet"));
    private static final int QUIET = 2;
    private static final int ENVIRONMENTS = 50;
    private static final int SEEDS = 5;
    private static final Duration CALL_TIME = Duration.ofSeconds(10);
    private static final Duration WARM = Duration.ofMinutes(2);
    private static final Duration LENGTH = WARM.plusMinutes(5);

    /** Of each environment: 6 calls a minute in the fleet. */
    private static final Traffic SELDOM = new Traffic.Open(0.1 / ENVIRONMENTS);

    private final Map<Contestant, Supplier<List<List<Figures>>>> runs = new EnumMap<>(Contestant.class);

    RegionLoss(Lanes lanes) {
        for (Contestant contestant : Contestant.ALL) {
            runs.put(
                    contestant,
                    lanes.begin(() -> LongStream.rangeClosed(1, SEEDS)
                            .mapToObj(seed -> run(contestant, seed))
                            .toList()));
        }
    }

    private static Endpoint endpoint(String model) {
        return new Endpoint("us-east-1", model, model);
    }

    /** Figures of each endpoint. */
    static List<Figures> run(Contestant contestant, long seed) {
        VirtualTime time = new VirtualTime();
        List<? extends Fleet> fleets = contestant == Contestant.BREAKWATER
                ? withRegistry(time, seed)
                : ENDPOINTS.stream()
                        .map(_ -> contestant.make(time, ENVIRONMENTS, seed))
                        .toList();
        List<Run> runs = new ArrayList<>();
        for (int endpoint = 0; endpoint < ENDPOINTS.size(); endpoint++) {
            runs.add(Run.begin(time, fleets.get(endpoint), plan(endpoint, seed)));
        }
        while (time.runNext(LENGTH)) {
            runs.forEach(Run::look);
        }
        return runs.stream().map(Run::figures).toList();
    }

    private static Plan plan(int endpoint, long seed) {
        Service lost = Service.failing(1, FailureKind.SERVER_ERROR, Service.THROTTLE_TIME, CALL_TIME);
        Service service = Service.healthy(CALL_TIME).until(WARM, lost);
        Traffic traffic = endpoint == QUIET ? SELDOM : Traffic.tenConcurrent(CALL_TIME);
        return Plan.of(ENVIRONMENTS, traffic, service, LENGTH, seed * ENDPOINTS.size() + endpoint)
                .withOnset(WARM);
    }

    private static List<BreakwaterFleet> withRegistry(VirtualTime time, long seed) {
        InMemoryRegionStore regions = new InMemoryRegionStore();
        return BreakwaterFleet.over(
                new CountingStore(() -> {}),
                (store, clock, random, listener) -> new RegionalWorker(store, regions, clock, random, listener).breaker,
                ENDPOINTS,
                time,
                ENVIRONMENTS,
                seed);
    }

    /** A worker's breakers and its part in judging the region, wired to each other as in the worker function. */
    private static final class RegionalWorker {
        private final FleetBreaker breaker;
        private final @Nullable RegionRegistry registry;

        RegionalWorker(
                CountingStore store,
                InMemoryRegionStore regions,
                InstantSource clock,
                RandomGenerator random,
                BreakerListener listener) {
            breaker = new FleetBreaker(BreakerSettings.DEFAULTS, store, clock, random, listener.and(this::judge));
            registry = new RegionRegistry(
                    ENDPOINTS,
                    new RegionRule(DailyQuotaScope.ENDPOINT),
                    store,
                    regions,
                    clock,
                    breaker::loseRegion,
                    _ -> {});
        }

        private void judge(BreakerListener.Notice notice) {
            if (registry != null) {
                registry.on(notice);
            }
        }
    }

    private double median(Contestant contestant, int endpoint, ToDoubleFunction<Figures> figure) {
        List<Figures> ofEndpoint = Objects.requireNonNull(runs.get(contestant)).get().stream()
                .map(run -> run.get(endpoint))
                .toList();
        return Sample.of(ofEndpoint, figure).median();
    }

    void write(Page page) {
        Page.Table table = new Page.Table(
                "contestant",
                "busy ones open, s",
                "the quiet one opens, s",
                "failed calls of the quiet one",
                "of calls wanted");
        for (Contestant contestant : Contestant.ALL) {
            table.row(
                    contestant.title(),
                    seconds(Math.max(median(contestant, 0, Figures::toOpen), median(contestant, 1, Figures::toOpen))),
                    seconds(median(contestant, QUIET, Figures::toOpen)),
                    number(median(contestant, QUIET, Figures::failed)),
                    number(median(contestant, QUIET, Figures::wanted)));
        }
        page.subheading("Region loss").paragraph("""
            All endpoints of a region answer 5xx from minute 2 on: two busy ones, and one that the whole fleet calls six times a minute.
            Breakwater's registry opens the quiet one because of the others.
            """).table(table);
    }
}
