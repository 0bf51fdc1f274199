package io.breakwater.simulation.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.job.InMemoryJobStore;
import io.breakwater.model.FailureKind;
import io.breakwater.simulation.Hits;
import io.breakwater.simulation.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@link PipelineSimulation} on many seeds. {@code -Dsimulation.seed=N} runs one of them again; {@code
 * -Dsimulation.seeds=N} sets how many there are, of which this takes a fifth.
 */
@Tag("simulation")
class PipelineSimulationIT {
    /** Those that take no time, as a worker makes them under a lock. */
    private static final List<String> WITHOUT_TIME = List.of(
            "BreakerStore.read",
            "BreakerStore.Count",
            "BreakerStore.MoveTo",
            "BreakerStore.GrantSlot",
            "BreakerStore.SettleSlot",
            "BreakerStore.remember",
            "RegionStore.read",
            "RegionStore.write",
            "PaceStore.report",
            "PaceStore.move");

    private static final List<String> REQUESTS = Stream.concat(
                    WITHOUT_TIME.stream(),
                    Stream.of(
                            "JobStore.create",
                            "JobStore.claim",
                            "JobStore.succeed",
                            "JobStore.fail",
                            "JobStore.defer",
                            "JobStore.cancel",
                            "JobStore.due",
                            "JobStore.find",
                            "JobStore.lookAgain",
                            "JobStore.resend",
                            "JobStore.abandon",
                            "JobQueue.send",
                            "ResultStore.put",
                            "SlotStore.Take",
                            "SlotStore.Give",
                            "SlotStore.JoinLine",
                            "acknowledge",
                            "acknowledge a dead letter"))
            .toList();

    private static final long SEEDS = Long.getLong("simulation.seeds", 10_000) / 5;

    @Test
    void everyJobEndsOnceWhateverGoesWrongAndEverythingDoes() {
        Hits hits = new Hits(expected());
        Long one = Long.getLong("simulation.seed");

        Seeds.run(
                one == null ? 1 : one,
                one == null ? SEEDS : 1,
                seed -> simulation(Scenario.MANY_FAULTS, seed, hits).run());

        System.out.println("What happened over all seeds:\n" + hits);
        assertThat(one == null ? hits.misses() : List.of()).as("never happened").isEmpty();
    }

    private static List<String> expected() {
        List<String> expected = new ArrayList<>(List.of(
                "job created",
                "job QUEUED → RUNNING",
                "job QUEUED → EXPIRED",
                "job QUEUED → CANCELLED",
                "job RUNNING → RUNNING",
                "job RUNNING → DEFERRED",
                "job RUNNING → SUCCEEDED",
                "job RUNNING → FAILED",
                "job RUNNING → EXPIRED",
                "job RUNNING → CANCELLED",
                "job DEFERRED → RUNNING",
                "job DEFERRED → EXPIRED",
                "job DEFERRED → CANCELLED",
                "failed: CRASHED",
                "failed: CALLER_FAULT",
                "failed: UNAVAILABLE",
                "submission: Accepted",
                "submission: Stored",
                "submission: Refused",
                "submission: KeyReused",
                "repeated after it was accepted",
                "repeated with another body",
                "held back",
                "told that jobs were held back",
                "perhaps without a slot",
                "served degraded",
                "message lost",
                "message sent twice",
                "message delayed",
                "dead letter RESENT",
                "dead letter DROPPED",
                "dead letter KEPT",
                "dead letter EXPIRED",
                "dead letter ABANDONED",
                "redriven",
                "sent by the sweeper",
                "swept: resent",
                "swept: released",
                "swept: expired",
                "swept: failed",
                "died in a model call",
                "killed at the end of its time",
                "frozen at the end of its time, and thawed",
                "model: answered",
                "paced",
                "breaker CLOSED → OPEN",
                "breaker CLOSED → DISABLED",
                "breaker OPEN → HALF_OPEN",
                "breaker DISABLED → HALF_OPEN",
                "breaker HALF_OPEN → HALF_OPEN",
                "breaker HALF_OPEN → OPEN",
                "breaker HALF_OPEN → CLOSED",
                "region UNHEALTHY",
                "region HEALTHY"));
        for (FailureKind kind : FailureKind.values()) {
            expected.add("model: " + kind);
        }
        for (String reason : List.of(
                "CONSECUTIVE_FAILURES", "PROBE_FAILED", "DAILY_QUOTA", "REGION", "ACCESS_DENIED", "END_OF_LIFE")) {
            expected.add("breaker opened: " + reason);
        }
        World.SERVICES.forEach(service -> expected.add("down: " + service));
        for (String request : REQUESTS) {
            for (Fault fault : Set.copyOf(Fault.DRAWN)) {
                expected.add(fault.at(request));
            }
        }
        expected.removeAll(WITHOUT_TIME.stream().map(Fault.STALLED::at).toList());
        return expected;
    }

    @Test
    void everyJobEndsOnceWhereverAProcessDies() {
        Set<String> requests = ConcurrentHashMap.newKeySet();
        for (long seed = 1; seed <= 5; seed++) {
            long same = seed;
            int places = simulation(Scenario.oneCrash(Integer.MAX_VALUE), same)
                    .run()
                    .world()
                    .changes();
            Seeds.run(
                    0,
                    places,
                    place -> requests.add(simulation(Scenario.oneCrash(Math.toIntExact(place)), same)
                            .run()
                            .world()
                            .died()));
        }

        assertThat(requests)
                .contains(
                        "JobStore.create",
                        "JobStore.claim",
                        "ResultStore.put",
                        "JobStore.succeed",
                        "JobStore.defer",
                        "JobQueue.send",
                        "acknowledge",
                        "JobStore.lookAgain",
                        "JobStore.resend",
                        "SlotStore.Take",
                        "SlotStore.Give",
                        "SlotStore.JoinLine");
    }

    @Test
    void anOutageOfHoursPutsNoJobIntoTheDeadLetterQueue() {
        Seeds.run(1, 20, seed -> {
            PipelineSimulation outage = simulation(Scenario.OUTAGE, seed).run();
            assertThat(outage.world().sqs.buried()).isZero();
            assertThat(outage.jobs()).anyMatch(job -> job.generation() > 1);
        });
    }

    @Test
    void withoutTheSweeperAJobIsSoonLost() {
        assertThatThrownBy(() -> Seeds.run(
                        1, 50, seed -> simulation(Scenario.NO_SWEEPER, seed).run()))
                .hasMessageContaining("jobs that did not end");
    }

    @Test
    void whereEverythingFailsHardlyACallIsMade() {
        Seeds.run(1, 8, seed -> {
            PipelineSimulation failing =
                    simulation(Scenario.TOTAL_FAILURE, seed).run();
            System.out.println(failing.amplification());
        });
    }

    @Test
    void whereEverythingFailsAndProcessesDieHardlyMoreCallsAreMade() {
        Seeds.run(
                1,
                50,
                seed -> simulation(Scenario.TOTAL_FAILURE_WITH_FAULTS, seed).run());
    }

    @Test
    void thousandsOfJobsAreServedAfterAnOutageAndNoBreakerOpensAgain() {
        Seeds.run(1, 10, seed -> {
            PipelineSimulation backlog = simulation(Scenario.BACKLOG, seed).run();
            System.out.println(backlog.drain());
        });
    }

    private static PipelineSimulation simulation(Scenario scenario, long seed) {
        return simulation(scenario, seed, new Hits(List.of()));
    }

    private static PipelineSimulation simulation(Scenario scenario, long seed, Hits hits) {
        return new PipelineSimulation(scenario, Wiring.SHIPPED, InMemoryJobStore::new, "memory", seed, hits);
    }
}
