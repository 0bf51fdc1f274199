package io.breakwater.simulation.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.admission.AdmissionControl;
import io.breakwater.admission.ChainOutlook;
import io.breakwater.admission.Intake;
import io.breakwater.breaker.BreakerListener;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.job.Job;
import io.breakwater.job.JobIds;
import io.breakwater.job.JobRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * A client with one job, which it submits with an Idempotency-Key, or a few without, and the request function that takes
 * it in. With a key the client repeats what had no answer, and some repeat what had one, or send another body by mistake.
 */
final class SimulatedClient {
    private static final int TRIES = 3;

    private final World world;
    private final String tenant;
    private final String key;
    private final boolean hasKey;
    private final String id;
    private final JobRequest request;
    private boolean accepted;
    private boolean stored;

    SimulatedClient(World world, String tenant, String key) {
        this.world = world;
        this.tenant = tenant;
        this.key = key;
        this.hasKey = world.random.nextInt(8) != 0;
        this.id = JobIds.keyed(tenant, key);
        this.request = world.scenario.request(id, world.random);
    }

    String id() {
        return id;
    }

    /** Whether the client was promised that its job will be done. */
    boolean isAccepted() {
        return accepted;
    }

    void submit() {
        for (int tries = 0; tries < (hasKey ? TRIES : 1) && !accepted; tries++) {
            SimulatedProcess.run(() -> submit(world.process(), request));
            world.time.pause(1_000 + world.random.nextInt(60_000));
        }
        if (accepted && hasKey && world.random.nextInt(3) == 0) {
            world.time.pause(world.random.nextInt((int) Duration.ofHours(1).toMillis()));
            boolean mistaken = world.random.nextInt(4) == 0;
            world.hits.hit(mistaken ? "repeated with another body" : "repeated after it was accepted");
            SimulatedProcess.run(
                    () -> submit(world.process(), mistaken ? world.scenario.request(id + "?", world.random) : request));
        }
    }

    private void submit(SimulatedProcess process, JobRequest asked) {
        FleetBreaker breaker = world.breaker(process, BreakerListener.NONE);
        Intake intake = new Intake(
                world.submittedJobs(process),
                world.queue(process),
                new AdmissionControl(new ChainOutlook(Scenario.CHAIN, breaker), Optional.empty(), process.clock()),
                process.clock(),
                () -> hasKey ? id + "-without-its-key" : id);
        try {
            hear(
                    hasKey && world.wiring.keepsKeys()
                            ? intake.submit(tenant, key, asked)
                            : intake.submit(tenant, asked),
                    asked);
        } catch (IllegalStateException _) {
            // The client is told that the service is not well.
        }
    }

    private void hear(Intake.Answer answer, JobRequest asked) {
        world.hits.hit("submission: " + answer.getClass().getSimpleName());
        switch (answer) {
            case Intake.Answer.Accepted(Job job) -> {
                checkMine(job, asked);
                accepted = true;
            }
            case Intake.Answer.Stored(Job job) -> {
                checkMine(job, asked);
                stored = true;
            }
            case Intake.Answer.KeyReused() ->
                assertThat(asked).as("what came with another body before").isNotEqualTo(request);
            case Intake.Answer.Refused _ ->
                assertThat(accepted || stored)
                        .as("the job of %s, refused, was taken in before", key)
                        .isFalse();
        }
    }

    private void checkMine(Job job, JobRequest asked) {
        assertThat(asked).as("what is accepted under a key").isEqualTo(request);
        assertThat(job.id()).as("the job of %s", key).isEqualTo(id);
        assertThat(job.tenant()).as("the tenant of %s", job).isEqualTo(tenant);
    }

    /** Asks, once, that the job be cancelled. */
    void cancel() {
        world.invariants.cancelling(id);
        SimulatedProcess.run(() -> {
            try {
                world.jobs(world.process()).cancel(id, tenant, world.time.instant());
            } catch (IllegalStateException _) {
                // The client may ask again.
            }
        });
    }
}
