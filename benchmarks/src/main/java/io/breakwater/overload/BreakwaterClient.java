package io.breakwater.overload;

import io.breakwater.breaker.Admission;
import io.breakwater.breaker.BreakerListener;
import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.BreakerStore;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.breakwater.breaker.Outcome;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import io.breakwater.pacing.FleetPacer;
import io.breakwater.pacing.InMemoryPaceStore;
import io.breakwater.pacing.Measure;
import io.breakwater.pacing.PaceListener;
import io.breakwater.pacing.PaceStore;
import io.breakwater.pacing.Pacer;
import io.breakwater.pacing.Quota;
import io.breakwater.pacing.Turn;
import io.breakwater.scoreboard.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/**
 * The shipped breaker and pacer in each worker. A job is tried and put off as the router and the job's worker do it, one
 * delivery being an event here: what is refused waits until it may be tried, and longer with each time.
 */
final class BreakwaterClient implements Client {
    private static final Endpoint ENDPOINT = new Endpoint("us-east-1", "model", "model");
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);
    private static final long TOKENS = 4096;

    private static final long FIRST_WAIT = Duration.ofSeconds(5).toMillis();
    private static final long LONGEST_OWN_WAIT = Duration.ofMinutes(12).toMillis();
    private static final long LONGEST_WAIT = Duration.ofHours(1).toMillis();
    private static final long AFTER_FAILURE = Duration.ofSeconds(15).toMillis();
    private static final double JITTER = 0.2;

    private final VirtualTime time;
    private final Metered endpoint;
    private final SplittableRandom random;
    private final Requests requests = new Requests();
    private final BreakerStore breakerStore = requests.counted(BreakerStore.class, new InMemoryBreakerStore());
    private final PaceStore paceStore = requests.counted(PaceStore.class, new InMemoryPaceStore());
    private final List<Worker> workers = new ArrayList<>();
    private int openings;

    /** Where the pace comes from. */
    enum Pacing {
        LEARNT,
        CONFIGURED,
        NONE
    }

    BreakwaterClient(VirtualTime time, Metered endpoint, Situation situation, Pacing pacing) {
        this.time = time;
        this.endpoint = endpoint;
        this.random = new SplittableRandom(situation.seed());
        Map<Endpoint, Quota> quotas = pacing == Pacing.CONFIGURED
                ? Map.of(ENDPOINT, new Quota(OptionalDouble.of(situation.perMinute()), OptionalDouble.empty()))
                : Map.of();
        for (int worker = 0; worker < situation.workers(); worker++) {
            workers.add(worker(pacing, quotas));
        }
    }

    private Worker worker(Pacing pacing, Map<Endpoint, Quota> quotas) {
        BreakerListener openingsHeard = notice -> {
            if (notice instanceof Notice.Moved moved && moved.transition().to().equals("OPEN")) {
                openings++;
            }
        };
        FleetBreaker breaker =
                new FleetBreaker(BreakerSettings.DEFAULTS, breakerStore, time, random.split(), openingsHeard);
        if (pacing == Pacing.NONE) {
            return new Worker(breaker, Pacer.NONE, breaker::flush, breaker::flushDue);
        }
        FleetPacer pacer = new FleetPacer(paceStore, breaker, quotas, time, random.split(), PaceListener.NONE);
        return new Worker(
                breaker,
                pacer,
                () -> {
                    breaker.flush();
                    pacer.flush();
                },
                () -> {
                    breaker.flushDue();
                    pacer.flushDue();
                });
    }

    @Override
    public void serve() {
        deliver(0);
    }

    private void deliver(int deferrals) {
        workers.get(random.nextInt(workers.size())).deliver(deferrals);
    }

    private void defer(long askedMillis, int deferrals) {
        long grown = Math.min(FIRST_WAIT << Math.min(deferrals, 8), LONGEST_OWN_WAIT);
        long wait = Math.max(Math.min(askedMillis, LONGEST_WAIT), grown);
        time.after(wait + Math.round(wait * JITTER * random.nextDouble()), () -> deliver(deferrals + 1));
    }

    @Override
    public int openings() {
        return openings;
    }

    @Override
    public int storeRequests() {
        return requests.of(BreakerStore.class) + requests.of(PaceStore.class);
    }

    /** A worker and its timer, which ticks while calls are on their way; when none is, the invocation has ended. */
    private final class Worker {
        private final FleetBreaker breaker;
        private final Pacer pacer;
        private final Runnable flush;
        private final Runnable flushDue;
        private int callsOnTheirWay;
        private boolean ticking;

        Worker(FleetBreaker breaker, Pacer pacer, Runnable flush, Runnable flushDue) {
            this.breaker = breaker;
            this.pacer = pacer;
            this.flush = flush;
            this.flushDue = flushDue;
        }

        void deliver(int deferrals) {
            switch (pacer.ask(ENDPOINT, TOKENS)) {
                case Turn.TooFast tooFast -> refused(tooFast.retryAt(), deferrals);
                case Turn.Taken turn -> {
                    switch (breaker.admit(ENDPOINT, CALL_TIMEOUT, turn::spacing)) {
                        case Admission.Refusal refusal -> {
                            turn.giveBack();
                            refused(refusal.retryAt(), deferrals);
                        }
                        case Admission.Permit permit -> call(turn, permit, deferrals);
                    }
                }
            }
        }

        private void refused(Instant retryAt, int deferrals) {
            defer(retryAt.toEpochMilli() - time.millis(), deferrals);
            flushIfIdle();
        }

        private void call(Turn.Taken turn, Admission.Permit permit, int deferrals) {
            callsOnTheirWay++;
            tick();
            endpoint.call(
                    () -> {
                        turn.used(TOKENS);
                        ended(permit, new Outcome.Success());
                    },
                    () -> {
                        boolean explained = turn.throttled(Measure.REQUESTS);
                        ended(
                                permit,
                                explained
                                        ? new Outcome.Ignored()
                                        : new Outcome.Failure(FailureKind.THROTTLED, "throttled", null));
                        defer(AFTER_FAILURE, deferrals);
                    });
        }

        private void ended(Admission.Permit permit, Outcome outcome) {
            permit.end(outcome);
            callsOnTheirWay--;
            flushIfIdle();
        }

        private void flushIfIdle() {
            if (callsOnTheirWay == 0) {
                flush.run();
            }
        }

        private void tick() {
            if (!ticking) {
                ticking = true;
                time.after(FleetBreaker.TICK.toMillis(), this::ticked);
            }
        }

        private void ticked() {
            ticking = false;
            if (callsOnTheirWay > 0) {
                flushDue.run();
                tick();
            }
        }
    }
}
