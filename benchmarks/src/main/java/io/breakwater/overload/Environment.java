package io.breakwater.overload;

import io.breakwater.breaker.FleetBreaker;
import io.breakwater.job.JobMessage;
import io.breakwater.pacing.FleetPacer;
import io.breakwater.scoreboard.Turns;
import io.breakwater.scoreboard.VirtualTime;
import io.breakwater.topology.Topology;
import io.breakwater.worker.JobWorker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** An environment of the worker function: serves a batch at once, tells what it saw meanwhile and in the end. */
final class Environment {
    private static final Duration CLOSING_TIME = Duration.ofSeconds(2);

    private final VirtualTime time;
    private final Turns turns;
    private final FleetBreaker breaker;
    private final FleetPacer pacer;
    private final JobWorker worker;
    private int serving;

    Environment(VirtualTime time, Turns turns, FleetBreaker breaker, FleetPacer pacer, JobWorker worker) {
        this.time = time;
        this.turns = turns;
        this.breaker = breaker;
        this.pacer = pacer;
        this.worker = worker;
    }

    boolean isIdle() {
        return serving == 0;
    }

    void invoke(List<JobMessage> batch) {
        serving = batch.size();
        Instant end = time.instant().plus(Topology.WORKER.timeout()).minus(CLOSING_TIME);
        batch.forEach(message -> turns.begin(() -> {
            worker.work(message, end);
            if (--serving == 0) {
                breaker.flush();
                pacer.flush();
            }
        }));
        tickLater();
    }

    private void tickLater() {
        time.after(FleetBreaker.TICK.toMillis(), () -> {
            if (!isIdle()) {
                breaker.flushDue();
                pacer.flushDue();
                tickLater();
            }
        });
    }
}
