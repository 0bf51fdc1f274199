package io.breakwater.scoreboard;

import io.breakwater.scoreboard.Fleet.Call;
import io.breakwater.scoreboard.Fleet.State;
import io.breakwater.scoreboard.Plan.Traffic;
import io.breakwater.scoreboard.Service.Fate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A fleet that goes through a plan.
 *
 * <p>When calls are wanted, and what would become of them, depends on the seed alone: all contestants have the same luck.
 */
final class Run {
    static final Duration SLOT = Duration.ofSeconds(5);

    private static final long MINUTE = 60_000;

    private final VirtualTime time;
    private final Fleet fleet;
    private final Plan plan;
    private final SplittableRandom arrivals;
    private final SplittableRandom fates;
    private final Watch watch;

    private Run(VirtualTime time, Fleet fleet, Plan plan) {
        this.time = time;
        this.fleet = fleet;
        this.plan = plan;
        SplittableRandom random = new SplittableRandom(plan.seed());
        this.arrivals = random.split();
        this.fates = random.split();
        this.watch = new Watch();
    }

    static Figures of(Fleet.Maker maker, Plan plan) {
        VirtualTime time = new VirtualTime();
        Run run = begin(time, maker.make(time, plan.environments(), plan.seed()), plan);
        boolean going = true;
        while (going) {
            going = time.runNext(plan.length()) && !run.isDone();
            run.look();
        }
        return run.figures();
    }

    static Run begin(VirtualTime time, Fleet fleet, Plan plan) {
        Run run = new Run(time, fleet, plan);
        switch (plan.traffic()) {
            case Traffic.Open open -> run.wantLater(plan.environments() * open.callsPerSecond() / 1000);
            case Traffic.Burst burst -> {
                for (int call = 0; call < plan.environments() * burst.callsOfEach(); call++) {
                    int environment = call % plan.environments();
                    time.after(0, () -> run.wantOnce(environment));
                }
            }
            case Traffic.OneAtATime one -> {
                for (int environment = 0; environment < plan.environments(); environment++) {
                    run.wantNext(
                            environment, run.arrivals.nextLong(one.callTime().toMillis()));
                }
            }
        }
        return run;
    }

    private void wantLater(double callsPerMilli) {
        long wait = Math.round(-Math.log(1 - arrivals.nextDouble()) / callsPerMilli);
        if (time.elapsedMillis() + wait > plan.length().toMillis()) {
            return;
        }
        time.after(wait, () -> {
            wantOnce(arrivals.nextInt(plan.environments()));
            wantLater(callsPerMilli);
        });
    }

    private void wantOnce(int environment) {
        Fate fate = plan.service().answer(time.elapsedMillis(), fates);
        want(environment, fate).ifPresent(call -> endLater(call, fate, fate.tookMillis(), () -> {}));
    }

    /** Wants the next call; if it goes it takes so long, as its beginning may be before the start. */
    private void wantNext(int environment, long tookMillis) {
        Fate fate = plan.service().answer(time.elapsedMillis(), fates);
        want(environment, fate)
                .ifPresentOrElse(
                        call -> endLater(call, fate, tookMillis, () -> wantNext(environment, fate.tookMillis())),
                        () -> time.after(1000, () -> wantNext(environment, fate.tookMillis())));
    }

    private Optional<Call> want(int environment, Fate fate) {
        State before = fleet.state();
        Optional<Call> call = fleet.admit(environment);
        watch.wanted(before, call, fate);
        return call;
    }

    private void endLater(Call call, Fate fate, long tookMillis, Runnable then) {
        time.after(tookMillis, () -> {
            watch.ended(fate);
            call.end(fate.failure());
            then.run();
        });
    }

    /** Sees what the latest event has made of the fleet. */
    void look() {
        watch.look();
    }

    boolean isDone() {
        return plan.untilOpen() && watch.openedAt >= 0;
    }

    Figures figures() {
        return watch.figures();
    }

    private final class Watch {
        private final long onset = plan.onset().toMillis();
        private final long recovery = plan.recovery().orElse(plan.length()).toMillis();
        private final Map<Long, Integer> probesOfStage = new HashMap<>();
        private final List<Integer> sentPerSlot =
                new ArrayList<>(Collections.nCopies((int) (plan.length().toMillis() / SLOT.toMillis()) + 1, 0));
        private long openedAt = -1;
        private long closedAt = -1;
        private double cooldownLeft = -1;
        private int failedBefore;
        private int sentWhileOpen;
        private int wantedInJudged;
        private int blockedInJudged;
        private int probesInJudged;
        private int probesBeyond;
        private int wantedEver;
        private int wanted;
        private int failed;
        private int refusedGood;
        private int tripsBefore;

        void wanted(State before, Optional<Call> call, Fate fate) {
            long now = time.elapsedMillis();
            wantedEver++;
            boolean judged = now >= onset + MINUTE && now < recovery;
            if (call.isPresent()) {
                sentPerSlot.set((int) (now / SLOT.toMillis()), sentPerSlot.get((int) (now / SLOT.toMillis())) + 1);
                call.get()
                        .probe()
                        .ifPresentOrElse(
                                probe -> probe(probe, judged), () -> sentWhileOpen += before == State.OPEN ? 1 : 0);
            }
            if (now < onset) {
                tripsBefore = fleet.trips();
                return;
            }
            wanted++;
            refusedGood += call.isEmpty() && fate.failure().isEmpty() ? 1 : 0;
            if (judged) {
                wantedInJudged++;
                blockedInJudged += call.isEmpty() ? 1 : 0;
            }
        }

        private void probe(Fleet.Probe probe, boolean judged) {
            int probes = probesOfStage.merge(probe.stage(), 1, Integer::sum);
            probesBeyond += probes > probe.limit() ? 1 : 0;
            probesInJudged += judged && probes <= probe.limit() ? 1 : 0;
        }

        void ended(Fate fate) {
            if (fate.failure().isPresent() && time.elapsedMillis() >= onset) {
                failed++;
                failedBefore += openedAt < 0 ? 1 : 0;
            }
        }

        void look() {
            long now = time.elapsedMillis();
            State state = fleet.state();
            if (openedAt < 0 && now >= onset && state == State.OPEN) {
                openedAt = now;
            }
            if (now >= recovery) {
                if (cooldownLeft < 0) {
                    cooldownLeft = state == State.OPEN ? Math.max(0, fleet.openUntilMillis() - time.millis()) : 0;
                }
                if (closedAt < 0 && state == State.CLOSED) {
                    closedAt = now;
                }
            }
        }

        Figures figures() {
            Fleet.StoreCalls store = fleet.storeCalls();
            return new Figures(
                    openedAt < 0 ? Double.POSITIVE_INFINITY : (openedAt - onset) / 1000.0,
                    failedBefore,
                    sentWhileOpen,
                    wantedInJudged == 0 ? 0 : (double) blockedInJudged / wantedInJudged,
                    wantedInJudged == 0 ? 0 : 1 - (double) probesInJudged / wantedInJudged,
                    probesBeyond,
                    fleet.trips() - tripsBefore,
                    (double) store.reads() / Math.max(1, wantedEver),
                    (double) store.writes() / Math.max(1, wantedEver),
                    wanted,
                    failed,
                    refusedGood,
                    closedAt < 0 ? Double.POSITIVE_INFINITY : (closedAt - recovery) / 1000.0,
                    Math.max(0, cooldownLeft) / 1000,
                    List.copyOf(sentPerSlot));
        }
    }
}
