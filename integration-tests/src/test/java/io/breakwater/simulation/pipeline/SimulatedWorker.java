package io.breakwater.simulation.pipeline;

import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.breaker.BreakerStore;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.health.RegionHealth;
import io.breakwater.health.RegionRegistry;
import io.breakwater.health.RegionRule;
import io.breakwater.health.RegionStore;
import io.breakwater.job.JobMessage;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import io.breakwater.model.ModelRequest;
import io.breakwater.model.ModelResult;
import io.breakwater.pacing.FleetPacer;
import io.breakwater.pacing.PaceListener;
import io.breakwater.pacing.PaceStore;
import io.breakwater.pacing.Turn;
import io.breakwater.routing.CallSettings;
import io.breakwater.routing.Router;
import io.breakwater.simulation.VirtualTime;
import io.breakwater.simulation.pipeline.SimulatedProcess.Died;
import io.breakwater.simulation.pipeline.SimulatedSqs.SimulatedMessage;
import io.breakwater.topology.Topology;
import io.breakwater.worker.JobWorker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * One execution environment of the worker function, and the event source that feeds it: bound as the functions bind it,
 * serving a batch at once, with suspects last and alone. What it knows outlives its invocations, and dies with it.
 */
final class SimulatedWorker {
    /** Kept of the invocation's time, as the function does. */
    private static final Duration CLOSING_TIME = Duration.ofSeconds(2);

    private final World world;
    private final VirtualTime time;
    private final Runnable replacement;
    private final Story story;
    private final SimulatedProcess process;
    private final FleetBreaker breaker;
    private final RegionRegistry regions;
    private final FleetPacer pacer;
    private final JobWorker worker;
    private final ThreadLocal<String> claim = new ThreadLocal<>();
    private final Queue<List<SimulatedMessage>> groups = new ArrayDeque<>();
    private final List<SimulatedMessage> served = new ArrayList<>();
    private Instant invocationEnd = Instant.EPOCH;
    private int serving;
    private boolean invoked;
    private boolean replaced;

    /** Hears what the fleet does. */
    interface Story {
        /** What a breaker told. */
        void heard(Notice notice);

        /** A call began. */
        void called(Endpoint endpoint);

        /** A call ended, or its process did. */
        void answered();

        /** The job that kills whoever serves it. */
        String killer();

        /** That job has killed a process. */
        void killed();

        /** Whether all is over, and nothing more is received. */
        boolean isOver();
    }

    /**
     * A new environment, in which nothing is known yet.
     *
     * @param replacement has another started in place of this one when it is dead
     */
    SimulatedWorker(World world, Story story, Runnable replacement) {
        this.world = world;
        this.time = world.time;
        this.story = story;
        this.replacement = replacement;
        this.process = world.process();
        this.breaker = world.breaker(process, this::hear);
        this.regions = new RegionRegistry(
                Scenario.CHAIN.endpoints(),
                new RegionRule(world.quotaScope),
                process.reachingAtOnce(BreakerStore.class, world.breakers),
                process.reachingAtOnce(RegionStore.class, world.regions),
                process.clock(),
                breaker::loseRegion,
                this::moved);
        this.pacer = new FleetPacer(
                process.reachingAtOnce(PaceStore.class, world.paces),
                breaker,
                world.scenario.service().quotas(),
                process.clock(),
                world.random.split(),
                PaceListener.NONE);
        Router router = new Router(
                Scenario.CHAIN,
                CallSettings.DEFAULTS,
                breaker,
                world.wiring.pacer(this::ask),
                world.wiring.models(this::call),
                process.clock(),
                world.random.split());
        this.worker = new JobWorker(
                world.jobs(process),
                world.queue(process),
                world.results(process),
                router,
                world.slots(process),
                process.clock(),
                world.random.split(),
                length -> process.pause(length.toMillis()),
                this::nextClaim,
                _ -> {});
    }

    /** Each message is served on a thread of its own. */
    private String nextClaim() {
        String id = world.claimId();
        claim.set(id);
        return id;
    }

    private void hear(Notice notice) {
        story.heard(notice);
        regions.on(notice);
    }

    private void moved(RegionHealth health) {
        world.hits.hit("region " + health.state());
    }

    private Turn ask(Endpoint endpoint, long tokens) {
        Turn turn = pacer.ask(endpoint, tokens);
        if (turn instanceof Turn.TooFast) {
            world.hits.hit("paced");
        }
        return turn;
    }

    private ModelResult call(Endpoint endpoint, ModelRequest request, Duration timeout) {
        String id = request.messages().getFirst().content();
        world.invariants.called(id, claim.get());
        story.called(endpoint);
        SimulatedModels.Fate fate = world.models.call(endpoint);
        try {
            process.pause(Math.min(timeout.toMillis(), fate.millis()));
        } finally {
            story.answered();
        }
        if (world.scenario.killer() && id.equals(story.killer())) {
            world.hits.hit("died in a model call");
            story.killed();
            throw process.die();
        }
        return fate.millis() < timeout.toMillis()
                ? fate.result()
                : new ModelResult.Failure(FailureKind.TIMEOUT, "no answer in time", null);
    }

    /** Asks for messages, now and then. */
    void poll() {
        if (story.isOver()) {
            return;
        }
        List<SimulatedMessage> batch =
                world.sqs.receive(1 + world.random.nextInt(world.scenario.load().batch()));
        if (batch.isEmpty()) {
            time.after(1 + world.random.nextLong(world.scenario.load().poll().toMillis()), this::poll);
        } else {
            invoke(batch);
        }
    }

    private void invoke(List<SimulatedMessage> batch) {
        process.mayRunOrFreezeAfter(Topology.WORKER.timeout());
        invocationEnd =
                process.clock().instant().plus(Topology.WORKER.timeout()).minus(CLOSING_TIME);
        invoked = true;
        served.clear();
        groups.clear();
        groups.add(batch.stream().filter(message -> !isSuspect(message)).toList());
        batch.stream().filter(SimulatedWorker::isSuspect).forEach(suspect -> groups.add(List.of(suspect)));
        tick();
        serveNext();
    }

    private static boolean isSuspect(SimulatedMessage message) {
        try {
            return message.isRedelivered() || JobMessage.parse(message.body()).suspect();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private void tick() {
        time.after(FleetBreaker.TICK.toMillis(), () -> {
            if (invoked && !process.isDead()) {
                living(() -> {
                    breaker.flushDue();
                    pacer.flushDue();
                });
                tick();
            }
        });
    }

    private void serveNext() {
        while (serving == 0 && !groups.isEmpty() && !process.isDead()) {
            List<SimulatedMessage> together = groups.remove();
            serving = together.size();
            together.forEach(message -> time.start(() -> {
                living(() -> serve(message));
                serving--;
                if (serving == 0) {
                    serveNext();
                }
            }));
            if (serving > 0) {
                return;
            }
        }
        if (serving == 0 && groups.isEmpty() && invoked) {
            invoked = false;
            living(this::finish);
        }
    }

    private void serve(SimulatedMessage message) {
        int faults = process.faults();
        try {
            JobMessage job = JobMessage.parse(message.body());
            worker.work(message.isRedelivered() ? job.suspected() : job, invocationEnd);
            if (process.faults() == faults) {
                world.invariants.served(job, claim.get());
            }
            served.add(message);
        } catch (RuntimeException e) {
            if (process.faults() == faults && PipelineSimulation.isOfAJob(message.body())) {
                throw new AssertionError("delivered in vain, and nothing was wrong: " + message.body(), e);
            }
        }
    }

    /** The end of the invocation; then the event source deletes what was served. */
    private void finish() {
        breaker.flush();
        pacer.flush();
        for (SimulatedMessage message : served) {
            Fault fault = process.befall("acknowledge");
            if (fault == Fault.DEATH_BEFORE) {
                throw process.die();
            }
            if (fault == Fault.NONE || fault == Fault.ANSWER_LOST || fault == Fault.DEATH_AFTER) {
                world.sqs.delete(message);
            }
            if (fault == Fault.DEATH_AFTER) {
                throw process.die();
            }
        }
        time.after(1 + world.random.nextLong(world.scenario.load().poll().toMillis()), this::poll);
    }

    private void living(Runnable work) {
        try {
            work.run();
        } catch (Died _) {
            if (!replaced) {
                replaced = true;
                replacement.run();
            }
        }
    }
}
