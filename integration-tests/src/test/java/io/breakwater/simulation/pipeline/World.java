package io.breakwater.simulation.pipeline;

import io.breakwater.breaker.BreakerListener;
import io.breakwater.breaker.BreakerStore;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.breakwater.health.DailyQuotaScope;
import io.breakwater.health.InMemoryRegionStore;
import io.breakwater.health.RegionStore;
import io.breakwater.job.JobQueue;
import io.breakwater.job.JobStore;
import io.breakwater.pacing.InMemoryPaceStore;
import io.breakwater.pacing.PaceStore;
import io.breakwater.result.InMemoryResultStore;
import io.breakwater.result.ResultStore;
import io.breakwater.simulation.Hits;
import io.breakwater.simulation.VirtualTime;
import io.breakwater.simulation.dynamodb.ModelDynamoDb;
import io.breakwater.tenant.DynamoDbSlotStore;
import io.breakwater.tenant.FleetSlotKeeper;
import io.breakwater.tenant.InFlightLimit;
import io.breakwater.tenant.SlotKeeper;
import io.breakwater.tenant.SlotStore;
import io.breakwater.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What all processes of one simulation share: time and chance, the services, and what goes wrong with them. */
final class World {
    static final Instant START = Instant.parse("2100-01-01T12:00:00Z");

    /** Those that are out of reach for a while. */
    static final List<String> SERVICES =
            List.of("JobStore", "JobQueue", "ResultStore", "BreakerStore", "RegionStore", "PaceStore", "SlotStore");

    private static final int MOST_SKEW_MILLIS = 500;
    private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(20);

    /** Requests after which all is as it was. */
    private static final Set<String> READS = Set.of("JobStore.due", "JobStore.find", "ResultStore.get");

    /** What a worker does not fail by. */
    private static final Set<String> ENDPOINT_STORES = Set.of("BreakerStore", "RegionStore", "PaceStore");

    final Scenario scenario;
    final Wiring wiring;
    final Hits hits;
    final SplittableRandom random;
    final VirtualTime time = new VirtualTime(START, () -> {});
    final SimulatedSqs sqs;
    final SimulatedModels models;
    final PipelineInvariants invariants;
    final BreakerStore breakers = new InMemoryBreakerStore();
    final RegionStore regions = new InMemoryRegionStore();
    final PaceStore paces = new InMemoryPaceStore();
    final DailyQuotaScope quotaScope;
    private final Optional<InFlightLimit> limit;
    private final SlotStore slots;
    private final SlotInvariants slotInvariants;
    private final JobStore jobs;
    private final ResultStore results;
    private final List<Outage> outages;
    private int changes;
    private String died = "";
    private int claims;

    World(Scenario scenario, Wiring wiring, Function<InstantSource, JobStore> stores, long seed, Hits hits) {
        this.scenario = scenario;
        this.wiring = wiring;
        this.hits = hits;
        this.random = new SplittableRandom(seed);
        this.sqs = new SimulatedSqs(time, random.split(), hits);
        this.models = new SimulatedModels(
                time,
                random.split(),
                hits,
                scenario.models().troubles(START, eventsEnd(), random.split()),
                scenario.service());
        this.quotaScope = random.nextBoolean() ? DailyQuotaScope.REGION : DailyQuotaScope.ENDPOINT;
        this.limit =
                scenario.load().inFlight().stream().mapToObj(InFlightLimit::new).findFirst();
        DynamoDbClient table = new ModelDynamoDb(time, Topology.ENDPOINTS);
        this.slotInvariants = new SlotInvariants(
                table,
                new DynamoDbSlotStore(table, Topology.ENDPOINTS.name()),
                limit.map(InFlightLimit::maximum).orElse(Integer.MAX_VALUE),
                time,
                hits);
        this.slots = wiring.slots(slotInvariants.watched());
        JobStore wired = wiring.jobs(stores.apply(time));
        ResultStore stored = new InMemoryResultStore();
        this.invariants = new PipelineInvariants(wired, stored, sqs, slotInvariants, time, hits);
        this.jobs = invariants.watched();
        this.results = wiring.results(stored, time);
        this.outages = scenario.processFaults() == 0 ? List.of() : outages();
    }

    /** A service that nobody can reach for a while. */
    private record Outage(String service, Instant from, Instant until) {}

    private List<Outage> outages() {
        return SERVICES.stream()
                .filter(_ -> random.nextInt(4) == 0)
                .map(service -> {
                    Instant from = START.plusSeconds(
                            random.nextLong(scenario.eventful().toSeconds()));
                    Instant until = from.plusSeconds(random.nextLong(LONGEST_OUTAGE.toSeconds()));
                    return new Outage(service, from, until.isBefore(eventsEnd()) ? until : eventsEnd());
                })
                .toList();
    }

    Instant eventsEnd() {
        return START.plus(scenario.eventful());
    }

    boolean isEventful() {
        return time.instant().isBefore(eventsEnd());
    }

    SimulatedProcess process() {
        return new SimulatedProcess(
                time, random, hits, this::fate, random.nextInt(-MOST_SKEW_MILLIS, MOST_SKEW_MILLIS + 1));
    }

    private Fault fate(String request) {
        String service = request.substring(0, Math.max(0, request.indexOf('.')));
        boolean ofEndpoints = ENDPOINT_STORES.contains(service);
        Fault chosen = ofEndpoints || READS.contains(request) ? Fault.NONE : chosen(request);
        if (chosen != Fault.NONE || !isEventful() || scenario.processFaults() == 0) {
            return chosen;
        }
        if (outages.stream()
                .anyMatch(outage -> outage.service().equals(service)
                        && !time.instant().isBefore(outage.from())
                        && time.instant().isBefore(outage.until()))) {
            hits.hit("down: " + service);
            return Fault.LOST;
        }
        double chance = scenario.processFaults() * weight(request);
        Fault drawn = random.nextDouble() < chance ? Fault.DRAWN.get(random.nextInt(Fault.DRAWN.size())) : Fault.NONE;
        return drawn == Fault.STALLED && ofEndpoints ? Fault.NONE : drawn;
    }

    /**
     * Of some requests there are so many that a worker would never live long, of others so few that nothing would happen;
     * and who is late with a result may write when another holds its job.
     */
    private static double weight(String request) {
        return switch (request) {
            case "BreakerStore.read", "RegionStore.read", "JobStore.due" -> 0.25;
            case "JobStore.abandon",
                    "JobStore.cancel",
                    "JobStore.fail",
                    "BreakerStore.Count",
                    "BreakerStore.GrantSlot",
                    "BreakerStore.SettleSlot",
                    "PaceStore.report",
                    "ResultStore.put",
                    "SlotStore.JoinLine" -> 4;
            case "RegionStore.write", "PaceStore.move" -> 12;
            default -> 1;
        };
    }

    /** The scenario's one crash, if it is here. */
    private Fault chosen(String request) {
        int before = changes;
        changes += 2;
        Integer crashAt = scenario.crashAt();
        if (crashAt == null || crashAt < before || crashAt > before + 1) {
            return Fault.NONE;
        }
        died = request;
        return crashAt == before ? Fault.DEATH_BEFORE : Fault.DEATH_AFTER;
    }

    JobStore jobs(SimulatedProcess process) {
        return process.reaching(JobStore.class, jobs);
    }

    JobStore sweptJobs(SimulatedProcess process) {
        return process.reaching(JobStore.class, wiring.sweptJobs(jobs));
    }

    JobStore submittedJobs(SimulatedProcess process) {
        return process.reaching(JobStore.class, wiring.submittedJobs(jobs, time));
    }

    /** What hands out the tenants' slots to the process's claims. */
    SlotKeeper slots(SimulatedProcess process) {
        return limit.map(most -> slotInvariants.watched(
                        wiring.slotKeeper(slotKeeper(most, process.reaching(SlotStore.class, slots), process.clock())),
                        process))
                .orElse(SlotKeeper.NONE);
    }

    private FleetSlotKeeper slotKeeper(InFlightLimit most, SlotStore reached, InstantSource clock) {
        return new FleetSlotKeeper(
                most, reached, clock, random.split(), _ -> hits.hit("told that jobs were held back"));
    }

    /** When all is over. */
    void checkSlots() {
        limit.ifPresent(most -> scenario.load()
                .tenantNames()
                .forEach(tenant -> slotInvariants.checkNoneLeaked(tenant, slotKeeper(most, slots, time))));
    }

    JobQueue queue(SimulatedProcess process) {
        return process.reaching(JobQueue.class, wiring.queue(sqs, time));
    }

    ResultStore results(SimulatedProcess process) {
        return process.reaching(ResultStore.class, results);
    }

    FleetBreaker breaker(SimulatedProcess process, BreakerListener listener) {
        return new FleetBreaker(
                wiring.breakerSettings(),
                process.reachingAtOnce(BreakerStore.class, breakers),
                process.clock(),
                random.split(),
                listener);
    }

    /** A new id with each call, for a job's next delivery. */
    String claimId() {
        return "claim-" + ++claims;
    }

    /** Writes, sends and acknowledgements, each counted before and after. */
    int changes() {
        return changes;
    }

    /** The request at which the one process died. */
    String died() {
        return died;
    }
}
