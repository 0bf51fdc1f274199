package io.breakwater.breaker;

import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.breaker.SimulatedEndpoint.Storm;
import io.breakwater.health.DailyQuotaScope;
import io.breakwater.health.DynamoDbRegionStore;
import io.breakwater.health.RegionRegistry;
import io.breakwater.health.RegionRule;
import io.breakwater.model.Endpoint;
import io.breakwater.simulation.Hits;
import io.breakwater.simulation.VirtualTime;
import io.breakwater.simulation.dynamodb.ModelDynamoDb;
import io.breakwater.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A fleet of workers for some minutes of virtual time: the shipped breaker, region registry and stores over a model of
 * DynamoDB, with one seed deciding the order of events, how calls end, what gets lost, who dies and what operators do.
 * After every event the {@link BreakerInvariants} and the {@link RegionInvariants} must hold; and when the bad weather is
 * over, every endpoint must be closed and every region healthy within {@link #RECOVERY}.
 */
final class BreakerSimulation {
    static final String TABLE = Topology.ENDPOINTS.name();

    private static final Duration BAD_WEATHER = Duration.ofSeconds(150);

    /**
     * The longest override, cooldown with its jitter, and time until it is heard; then three stages, each of which may
     * wait for the lease of a worker that died, and a call.
     */
    private static final Duration RECOVERY = Duration.ofSeconds(60 + 88 + 30 + 3 * (16 + 12) + 10);

    /**
     * How long what a region's judge left undone may stay so, where requests get lost and workers die: the store's outage of
     * 30 s, the longest cooldown of 88 s, a probe of 12 s whose end moves the endpoint again, and 50 s for bad luck.
     */
    private static final Duration LONGEST_DEBT = Duration.ofMinutes(3);

    /** 500 ms to each side, and what a clock may be corrected by a store that shows whole seconds. */
    private static final long MOST_SKEW_MILLIS = 2_500;

    private static final BreakerSettings SETTINGS = new BreakerSettings(
            0.3,
            Duration.ofSeconds(30),
            10,
            5,
            Duration.ofSeconds(20),
            Duration.ofSeconds(80),
            List.of(1, 5, 10),
            0,
            Optional.empty(),
            BreakerSettings.Mode.ENFORCE);

    private static final String EAST = "us-east-1";
    private static final String WEST = "us-west-2";

    /** Each region has one endpoint, and goes with it. */
    private static final List<Endpoint> SMALL_CHAIN =
            List.of(new Endpoint(EAST, "model-a", "a"), new Endpoint(WEST, "model-a", "a"));

    /** One region has several, and one has one. */
    private static final List<Endpoint> CHAIN = List.of(
            new Endpoint(EAST, "model-a", "a"),
            new Endpoint(EAST, "model-b", "b"),
            new Endpoint(EAST, "model-c", "c"),
            new Endpoint(WEST, "model-a", "a"));

    private final SplittableRandom random;
    private final Variant variant;
    private final Hits hits;
    private final VirtualTime time;
    private final DynamoDbClient table;
    private final List<Endpoint> chain;
    private final DailyQuotaScope quotaScope;
    private final BreakerInvariants invariants;
    private final RegionInvariants regions;
    private final List<SimulatedEndpoint> endpoints = new ArrayList<>();
    private final Map<String, Endpoint> byId = new HashMap<>();
    private final List<SimulatedWorker> workers = new ArrayList<>();
    private final Faults faults;
    private final long start;
    private final long badUntil;
    private int hired;

    BreakerSimulation(long seed, Variant variant, Hits hits) {
        this.random = new SplittableRandom(seed);
        this.variant = variant;
        this.hits = hits;
        this.start = Instant.parse("2026-03-01T10:00:00Z").toEpochMilli() + random.nextInt(600_000);
        this.badUntil = start + BAD_WEATHER.toMillis();
        this.time = new VirtualTime(Instant.ofEpochMilli(start), this::afterEachEvent);
        this.table = new ModelDynamoDb(time, Topology.ENDPOINTS);
        this.faults = new Faults(seed);
        this.chain = isRegional(seed) ? CHAIN : SMALL_CHAIN;
        this.quotaScope = (seed & 32) == 32 ? DailyQuotaScope.REGION : DailyQuotaScope.ENDPOINT;
        this.invariants = new BreakerInvariants(SETTINGS, faults.skewMillis(), this::tellsInTime, time, hits);
        this.regions = new RegionInvariants(chain, quotaScope, faults.ofRegions(), time, hits);
        List<Storm> storms = storms(seed);
        chain.forEach(endpoint -> {
            endpoints.add(new SimulatedEndpoint(endpoint, start, badUntil, storms, random.split()));
            byId.put(endpoint.id(), endpoint);
        });
    }

    /** A fleet of more endpoints takes its time: one seed of four has it. */
    private static boolean isRegional(long seed) {
        return (seed & 24) == 8;
    }

    private List<Storm> storms(long seed) {
        return IntStream.range(0, isRegional(seed) ? random.nextInt(3) : 0)
                .mapToObj(_ -> Storm.of(
                        random.nextInt(4) == 0 ? WEST : EAST,
                        start + random.nextInt((int) BAD_WEATHER.toMillis()),
                        badUntil,
                        random))
                .toList();
    }

    /** The fleet as it is shipped, or with a planted bug. */
    record Variant(
            SimulatedStore.Mutation requests,
            FleetBreaker.Timing timing,
            BreakerProtocol protocol,
            Supplier<Judging> judging) {
        static final Variant SHIPPED = new Variant(
                SimulatedStore.Mutation.NONE,
                FleetBreaker.Timing.DEFAULTS,
                new BreakerProtocol(SETTINGS),
                () -> Judging.SHIPPED);

        Variant with(SimulatedStore.Mutation mutation) {
            return new Variant(mutation, timing, protocol, judging);
        }

        Variant with(FleetBreaker.Timing other) {
            return new Variant(requests, other, protocol, judging);
        }

        Variant with(BreakerProtocol other) {
            return new Variant(requests, timing, other, judging);
        }

        /** Each worker has its own. */
        Variant with(Supplier<Judging> other) {
            return new Variant(requests, timing, protocol, other);
        }
    }

    static BreakerSettings settings() {
        return SETTINGS;
    }

    /** By the seed's lowest bits: workers die, requests get lost, clocks are off, in every combination. */
    private final class Faults implements SimulatedStore.Weather {
        private final boolean deaths;
        private final boolean losses;
        private final boolean skews;
        private final long downFrom;
        private final long downUntil;

        private Faults(long seed) {
            deaths = (seed & 1) == 1;
            losses = (seed & 2) == 2;
            skews = (seed & 4) == 4;
            downFrom = start + random.nextInt((int) BAD_WEATHER.toMillis());
            downUntil = Math.min(badUntil, downFrom + random.nextInt(30_000));
        }

        private long skewMillis() {
            return skews ? MOST_SKEW_MILLIS : 0;
        }

        /** One request takes 40 ms where none is lost, and a judgement some twenty. */
        private RegionInvariants.Weather ofRegions() {
            return losses || deaths
                    ? new RegionInvariants.Weather(skewMillis(), LONGEST_DEBT.toMillis(), 60_000)
                    : new RegionInvariants.Weather(skewMillis(), 1_000, 3_000);
        }

        private boolean isBad() {
            return time.millis() < badUntil;
        }

        @Override
        public boolean isDown() {
            return losses && deaths && time.millis() >= downFrom && time.millis() < downUntil;
        }

        @Override
        public double loss() {
            return losses && isBad() ? 0.01 : 0;
        }

        @Override
        public double death() {
            return deaths && isBad() ? 0.002 : 0;
        }
    }

    void run() {
        int fleet = random.nextInt(2, 5);
        IntStream.range(0, fleet).forEach(_ -> hire());
        SimulatedWorker operator = newWorker("operator");
        for (int override = random.nextInt(3); override > 0; override--) {
            time.after(random.nextInt((int) BAD_WEATHER.toMillis()), () -> operator.submit(() -> override(operator)));
        }
        for (int burst = random.nextInt(3); burst > 0; burst--) {
            time.after(random.nextInt((int) BAD_WEATHER.toMillis()), this::burst);
        }
        look(newWorker("reader"));
        time.runUntil(badUntil);
        recover();
    }

    private void recover() {
        long latest = badUntil;
        while (!chain.stream().allMatch(this::isWell)) {
            latest = Math.max(latest, longWait() == 0 ? latest : time.millis() + longWait());
            if (time.millis() > latest + RECOVERY.toMillis()) {
                throw new AssertionError("well for " + (time.millis() - badUntil) / 1000 + " s, but "
                        + chain.stream().map(invariants::stored).toList() + " and "
                        + chain.stream()
                                .map(Endpoint::region)
                                .distinct()
                                .map(regions::health)
                                .toList());
            }
            time.runUntil(time.millis() + 1_000);
        }
    }

    private boolean isWell(Endpoint endpoint) {
        return invariants.stored(endpoint) instanceof Closed closed
                && !closed.isPinned(time.instant())
                && regions.health(endpoint.region()).isHealthy();
    }

    /** Somebody looks now and then how the regions are, as {@code GET /endpoints} does. */
    private void look(SimulatedWorker reader) {
        time.after(random.nextInt(5_000, 30_000), () -> {
            chain.stream()
                    .map(Endpoint::region)
                    .distinct()
                    .forEach(region -> reader.submit(() -> reader.regions().health(region)));
            look(reader.isDead() ? newWorker("reader") : reader);
        });
    }

    private void afterEachEvent() {
        invariants.tick();
        regions.tick();
        for (int i = 0; i < workers.size(); i++) {
            if (workers.get(i).isDead()) {
                chain.forEach(invariants::lossy);
                workers.remove(i);
                time.after(random.nextInt(5_000), this::hire);
                return;
            }
        }
    }

    private void hire() {
        SimulatedWorker worker = newWorker("worker-" + hired++);
        workers.add(worker);
        long meanMillis = random.nextLong(200, 5_000);
        endpoints.forEach(endpoint -> arrive(worker, endpoint, meanMillis));
    }

    private SimulatedWorker newWorker(String name) {
        return new SimulatedWorker(name, time, faults.skews ? random.nextLong(-500, 501) : 0, this::parts);
    }

    /** Bound as the functions bind them. */
    private SimulatedWorker.Parts parts(SimulatedWorker worker) {
        SimulatedStore table = new SimulatedStore(
                this.table, worker, time, random.split(), invariants, regions, hits, faults, variant.requests(), byId);
        Judging judging = variant.judging().get();
        BreakerStore store = judging.breakers(new DynamoDbBreakerStore(table, TABLE));
        FleetBreaker breaker = new FleetBreaker(
                SETTINGS,
                variant.protocol(),
                variant.timing(),
                store,
                worker.clock(),
                random.split(),
                notice -> hear(worker, notice, judging));
        RegionRegistry registry = new RegionRegistry(
                judging.endpoints(chain),
                new RegionRule(quotaScope),
                judging.judged(store),
                new DynamoDbRegionStore(table, TABLE),
                worker.clock(),
                breaker::loseRegion,
                regions::announced);
        return new SimulatedWorker.Parts(breaker, registry);
    }

    private void hear(SimulatedWorker worker, Notice notice, Judging judging) {
        note(worker, notice);
        Runnable judged = regions.judgement(worker, notice);
        if (judging.hears(notice)) {
            judge(worker, notice);
        }
        judged.run();
    }

    private void judge(SimulatedWorker worker, Notice notice) {
        try {
            worker.regions().on(notice);
        } catch (SimulatedWorker.Died e) {
            hits.hit("died while it judged a region, having " + (notice instanceof Notice.Moved ? "moved" : "heard"));
            throw e;
        }
    }

    private void note(SimulatedWorker worker, Notice notice) {
        worker.note(notice);
        switch (notice) {
            case Notice.Moved moved -> invariants.announced(moved);
            case Notice.CountsDropped dropped -> invariants.lossy(dropped.endpoint());
            case Notice.StoreLost lost -> invariants.lossy(lost.endpoint());
            case Notice.StoreFound _ -> hits.hit("back in touch with the store");
            case Notice.StillOpen _, Notice.WouldRefuse _ -> {}
        }
    }

    /** Calls keep coming, whatever becomes of them. */
    private void arrive(SimulatedWorker worker, SimulatedEndpoint endpoint, long meanMillis) {
        if (worker.isDead()) {
            return;
        }
        long mean = faults.isBad() ? meanMillis : Math.min(meanMillis, 1_000);
        long wait = (long) (-mean * Math.log(1 - random.nextDouble()));
        wait += faults.isBad() ? 0 : longWait();
        time.after(wait, () -> {
            if (!worker.isFrozen()) {
                want(worker, endpoint);
                if (random.nextInt(200) == 0) {
                    worker.freeze(random.nextLong(1_000, 90_000));
                }
            }
            arrive(worker, endpoint, meanMillis);
        });
    }

    /** What is left of a cooldown of hours: nobody calls meanwhile, as it would not change anything. */
    private long longWait() {
        return chain.stream()
                .map(invariants::stored)
                .filter(Open.class::isInstance)
                .mapToLong(state -> ((Open) state).until().toEpochMilli() - time.millis())
                .filter(millis -> millis > RECOVERY.toMillis())
                .max()
                .orElse(0);
    }

    private void burst() {
        SimulatedEndpoint endpoint = endpoints.get(random.nextInt(endpoints.size()));
        for (int call = random.nextInt(20, 200); call > 0 && !workers.isEmpty(); call--) {
            want(workers.get(random.nextInt(workers.size())), endpoint);
        }
    }

    private void want(SimulatedWorker worker, SimulatedEndpoint endpoint) {
        worker.callsOnTheirWay++;
        if (worker.callsOnTheirWay == 1) {
            tick(worker);
        }
        worker.submit(() -> {
            Admission admission = worker.breaker()
                    .admit(endpoint.endpoint(), Duration.ofMillis(SimulatedEndpoint.CALL_TIMEOUT_MILLIS));
            switch (admission) {
                case Admission.Permit permit -> call(worker, endpoint, permit);
                case Admission.Refusal _ -> {
                    invariants.refused(endpoint.endpoint(), worker);
                    ended(worker);
                }
            }
        });
    }

    private void call(SimulatedWorker worker, SimulatedEndpoint endpoint, Admission.Permit permit) {
        SimulatedEndpoint.Fate fate = endpoint.fateOfACall(time.millis());
        invariants.callStarted(
                endpoint.endpoint(),
                worker,
                permit.isProbe(),
                new BreakerInvariants.Call(time.millis(), fate.fails(), fate.counts()));
        long start = time.millis();
        Runnable over = permit.isProbe() ? invariants.probeEnd(endpoint.endpoint(), worker) : () -> {};
        time.after(fate.millis(), () -> {
            over.run();
            if (fate.failure() != null) {
                regions.failed(endpoint.endpoint(), fate.failure());
            }
            worker.submit(() -> {
                if (fate.fails()) {
                    invariants.failed(endpoint.endpoint(), worker, start);
                }
                permit.end(fate.outcome());
                ended(worker);
            });
        });
    }

    /** An invocation ends with its last call, and does not before it has told the fleet. */
    private void ended(SimulatedWorker worker) {
        worker.callsOnTheirWay--;
        if (worker.callsOnTheirWay == 0) {
            worker.submit(() -> worker.breaker().flush());
        }
    }

    private void tick(SimulatedWorker worker) {
        time.after(FleetBreaker.TICK.toMillis(), () -> {
            if (!worker.isDead() && worker.callsOnTheirWay > 0) {
                worker.tell();
                tick(worker);
            }
        });
    }

    private boolean tellsInTime() {
        return !faults.losses && workers.stream().noneMatch(SimulatedWorker::isBehind);
    }

    private void override(SimulatedWorker operator) {
        Instant until = time.instant().plusSeconds(random.nextInt(5, 60));
        StateOverride override = switch (random.nextInt(3)) {
            case 0 -> new StateOverride.ForceOpen("maintenance", until);
            case 1 -> new StateOverride.ForceClosed("we know better", until);
            default -> new StateOverride.Lift();
        };
        try {
            operator.breaker().override(chain.get(random.nextInt(chain.size())), override);
        } catch (RuntimeException e) {
            hits.hit("override refused");
        }
    }
}
