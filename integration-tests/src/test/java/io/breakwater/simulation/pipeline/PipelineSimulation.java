package io.breakwater.simulation.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.breaker.BreakerState;
import io.breakwater.job.Job;
import io.breakwater.job.JobError;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobQueue;
import io.breakwater.job.JobStatus;
import io.breakwater.job.JobStore;
import io.breakwater.model.Endpoint;
import io.breakwater.simulation.Hits;
import io.breakwater.simulation.VirtualTime;
import io.breakwater.simulation.pipeline.SimulatedSqs.SimulatedMessage;
import io.breakwater.sweep.DeadLetters;
import io.breakwater.sweep.SweepLimits;
import io.breakwater.sweep.SweepReport;
import io.breakwater.sweep.Sweeper;
import io.breakwater.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Some jobs and the whole pipeline that serves and looks after them: submission, and the real worker, router, breakers,
 * region registry, pacer, sweeper and dead-letter handler, on a queue as bad as SQS may be, with models that fail. Each
 * process can die or be without an answer at any request, and others get on between any two requests; the seed decides.
 * One job kills whatever process serves it.
 *
 * <p>After each write the {@link PipelineInvariants} must hold. In the end every job must be final; and as what goes wrong
 * does so in the first hours only, no job that has half a day's time may have run out of it.
 */
final class PipelineSimulation {
    private static final Duration CLOSING_TIME = Duration.ofHours(1);
    private static final String POISON = "this names no job";

    private final World world;
    private final Scenario scenario;
    private final VirtualTime time;
    private final SplittableRandom random;
    private final Hits hits;
    private final List<SimulatedClient> clients;
    private final List<Opening> openings = new ArrayList<>();
    private int stages;
    private int alone;
    private int callsUntilOpen;
    private int underWay;
    private int mostUnderWay;
    private int killed;
    private boolean over;

    /** A breaker that opened. */
    record Opening(Instant at, String endpoint, String from, String reason) {}

    PipelineSimulation(
            Scenario scenario,
            Wiring wiring,
            Function<InstantSource, JobStore> stores,
            String name,
            long seed,
            Hits hits) {
        this.world = new World(scenario, wiring, stores, seed, hits);
        this.scenario = scenario;
        this.time = world.time;
        this.random = world.random;
        this.hits = hits;
        List<String> tenants = scenario.load().tenantNames();
        this.clients = IntStream.range(0, scenario.load().jobs())
                .mapToObj(job ->
                        new SimulatedClient(world, tenants.get(job % tenants.size()), name + "-" + seed + "-" + job))
                .toList();
    }

    PipelineSimulation run() {
        begin();
        Instant now = world.eventsEnd();
        time.runUntil(now.toEpochMilli());
        if (scenario.aim() == Scenario.Aim.HARDLY_A_CALL) {
            amplification().check();
            return this;
        }
        Instant latestEnd = World.START.plus(scenario.submitting()).plus(Scenario.LONGEST_DEADLINE);
        while (now.isBefore(latestEnd) && !isAllDone()) {
            now = now.plus(CLOSING_TIME);
            time.runUntil(now.toEpochMilli());
        }
        // What is still on its way comes when all is over, and changes nothing.
        now = now.plus(Topology.JOB_VISIBILITY.multipliedBy(Topology.MAX_RECEIVE_COUNT + 1L));
        time.runUntil(now.toEpochMilli());
        over = true;
        time.runUntil(now.plus(CLOSING_TIME).toEpochMilli());
        checkEnds();
        if (scenario.aim() == Scenario.Aim.NO_OPENING) {
            drain().check();
        }
        return this;
    }

    private void begin() {
        world.sqs.setFaults(scenario.messageFaults());
        time.after(scenario.eventful().toMillis(), () -> world.sqs.setFaults(0));
        clients.forEach(client -> sometimeIn(scenario.submitting(), client::submit));
        if (scenario.messageFaults() > 0) {
            sometimeIn(scenario.eventful(), clients.getLast()::cancel);
            sometimeIn(scenario.eventful(), clients.get(random.nextInt(clients.size()))::cancel);
            sometimeIn(scenario.eventful(), () -> world.sqs.add(POISON, Duration.ZERO));
            sometimeIn(scenario.eventful(), world.sqs::redrive);
            clients.forEach(client -> sometimeIn(scenario.eventful(), () -> bury(client.id())));
        }
        IntStream.range(0, scenario.load().workers()).forEach(_ -> hire());
        time.start(this::handleDeadLetters);
        if (scenario.sweeping()) {
            time.start(this::sweep);
            time.start(this::sweep);
        }
    }

    private boolean isAllDone() {
        return !time.instant().isBefore(World.START.plus(scenario.submitting()).plus(CLOSING_TIME))
                && world.invariants.allEnded();
    }

    private void sometimeIn(Duration span, Runnable action) {
        time.after(random.nextLong(span.toMillis()), () -> time.start(() -> SimulatedProcess.run(action)));
    }

    /** A message of the job, if there is one, was delivered in vain too often. */
    private void bury(String id) {
        if (world.invariants.knows(id)) {
            world.sqs.addDeadLetter(new JobMessage(id, 0).body());
        }
    }

    private void hire() {
        SimulatedWorker worker = new SimulatedWorker(
                world,
                new SimulatedWorker.Story() {
                    @Override
                    public void heard(Notice notice) {
                        switch (notice) {
                            case Notice.Moved moved -> note(moved);
                            case Notice.StoreLost _ -> alone++;
                            default -> {}
                        }
                    }

                    @Override
                    public void called(Endpoint endpoint) {
                        mostUnderWay = Math.max(mostUnderWay, ++underWay);
                        if (openings.stream()
                                .noneMatch(opening -> opening.endpoint().equals(endpoint.id()))) {
                            callsUntilOpen++;
                        }
                    }

                    @Override
                    public void answered() {
                        underWay--;
                    }

                    @Override
                    public String killer() {
                        return clients.getFirst().id();
                    }

                    @Override
                    public void killed() {
                        killed++;
                    }

                    @Override
                    public boolean isOver() {
                        return over;
                    }
                },
                this::hire);
        time.after(random.nextLong(scenario.load().poll().toMillis()), worker::poll);
    }

    private void note(Notice.Moved moved) {
        String to = moved.transition().to();
        hits.hit("breaker " + moved.transition().from() + " → " + to);
        if (moved.state() instanceof BreakerState.HalfOpen) {
            stages++;
        }
        if (moved.state() instanceof BreakerState.Open) {
            hits.hit("breaker opened: " + moved.transition().reason());
            openings.add(new Opening(
                    time.instant(),
                    moved.endpoint().id(),
                    moved.transition().from(),
                    moved.transition().reason()));
        }
    }

    private void handleDeadLetters() {
        while (!over) {
            time.pause(30_000 + random.nextInt(60_000));
            List<SimulatedMessage> batch = world.sqs.receiveDeadLetters(10);
            SimulatedProcess process = world.process();
            SimulatedProcess.run(() -> batch.forEach(message -> handle(message, process)));
        }
    }

    private void handle(SimulatedMessage message, SimulatedProcess process) {
        DeadLetters handler =
                new DeadLetters(world.jobs(process), world.queue(process), world.results(process), process.clock());
        try {
            hits.hit("dead letter " + handler.handle(message.id(), message.body()));
            if (process.befall("acknowledge a dead letter") == Fault.NONE) {
                world.sqs.delete(message);
            }
        } catch (IllegalStateException _) {
            // It is delivered again.
        }
    }

    private void sweep() {
        while (!over) {
            time.pause(Topology.SWEEP_INTERVAL.toMillis() - 5_000 + random.nextInt(10_000));
            SimulatedProcess.run(() -> sweep(world.process()));
        }
    }

    private void sweep(SimulatedProcess process) {
        process.mayRunFor(Topology.SWEEPER.timeout());
        JobQueue queue = world.queue(process);
        Sweeper sweeper = new Sweeper(
                world.sweptJobs(process),
                (message, tenant, delay) -> {
                    world.invariants.sentBySweeper(message);
                    queue.send(message, tenant, delay);
                },
                SweepLimits.DEFAULTS,
                process.clock(),
                random);
        try {
            SweepReport report = sweeper.sweepUntil(process.clock().instant().plusSeconds(35));
            hit("released", report.released());
            hit("put off", report.putOff());
            hit("resent", report.resent());
            hit("expired", report.expired());
            hit("failed", report.failed());
        } catch (IllegalStateException _) {
            // The next run does it.
        }
    }

    private void hit(String what, int times) {
        if (times > 0) {
            hits.hit("swept: " + what);
        }
    }

    private void checkEnds() {
        assertThat(world.invariants.jobs())
                .filteredOn(job -> !job.status().isFinal())
                .as("jobs that did not end")
                .isEmpty();
        assertThat(world.invariants.jobs())
                .extracting(Job::id)
                .as("jobs, of each client one at most, and of all that were accepted")
                .isSubsetOf(clients.stream().map(SimulatedClient::id).toList())
                .containsAll(clients.stream()
                        .filter(SimulatedClient::isAccepted)
                        .map(SimulatedClient::id)
                        .toList());
        world.checkSlots();
        assertThat(world.invariants.jobs())
                .filteredOn(job -> job.deadline().isAfter(World.START.plus(Scenario.LONGEST_DEADLINE)))
                .as("jobs that ran out of half a day")
                .noneMatch(job -> job.status() == JobStatus.EXPIRED);
        if (scenario.killer()) {
            assertThat(world.invariants.jobs())
                    .filteredOn(job -> job.id().equals(clients.getFirst().id()))
                    .allSatisfy(PipelineSimulation::checkKiller);
            assertThat(killed).as("processes that the killer killed").isLessThanOrEqualTo(Job.MAX_CRASHES);
        }
    }

    /** Its claims end in crashes, and nobody knows its answer. */
    private static void checkKiller(Job killer) {
        assertThat(killer.status())
                .as("the killer %s", killer)
                .isIn(JobStatus.FAILED, JobStatus.EXPIRED, JobStatus.CANCELLED);
        if (killer.error() != null && killer.error().code().equals("CRASHED")) {
            assertThat(killer.crashes()).as("crashes of %s", killer).isGreaterThanOrEqualTo(Job.MAX_CRASHES);
        } else if (killer.status() == JobStatus.FAILED) {
            assertThat(killer.error())
                    .as("why %s failed", killer)
                    .extracting(JobError::code)
                    .isEqualTo("UNAVAILABLE");
        }
    }

    /** Whether a message names a job, that there is or that there was to be. */
    static boolean isOfAJob(String body) {
        return !body.equals(POISON);
    }

    World world() {
        return world;
    }

    /** What was called so far. */
    Amplification amplification() {
        return new Amplification(
                world.models.calls(),
                world.invariants.deliveries(),
                world.invariants.firstCalls(),
                callsUntilOpen,
                mostUnderWay,
                stages,
                alone);
    }

    /** How what had waited was served after the eventful time. */
    Drain drain() {
        Instant back = world.eventsEnd();
        List<Job> waited = world.invariants.jobs().stream()
                .filter(job -> job.createdAt().isBefore(back) && job.updatedAt().isAfter(back))
                .toList();
        Instant last = waited.stream()
                .map(Job::updatedAt)
                .max(Comparator.naturalOrder())
                .orElse(back);
        return new Drain(
                waited.size(),
                Duration.between(back, last),
                openings.stream().filter(opening -> opening.at().isAfter(back)).toList());
    }

    List<Job> jobs() {
        return List.copyOf(world.invariants.jobs());
    }
}
