package io.breakwater.pacing;

import io.breakwater.breaker.Admission;
import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.breakwater.breaker.Outcome;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.SplittableRandom;

/** A fleet on virtual time that has more calls to make than its endpoint takes; what is refused comes back. */
final class PacedFleet {
    static final Endpoint ENDPOINT = new Endpoint("us-east-1", "big", "big");

    /** A call's input and its {@code maxTokens}. */
    static final int RESERVED = 4096;

    /** What a call uses of them, on average. */
    static final int USED = 1000;

    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    /** An endpoint that takes a call or throttles it. */
    interface Throttle {
        boolean takes(long millis);

        /** A call that was taken ended, and used so many of the {@link #RESERVED} tokens. */
        default void ended(long millis, int used) {}

        /** What it has a quota of. */
        default Measure measure() {
            return Measure.REQUESTS;
        }
    }

    private record Event(long at, long number, Runnable action) {}

    private final PriorityQueue<Event> events = new PriorityQueue<>(
            (a, b) -> a.at() != b.at() ? Long.compare(a.at(), b.at()) : Long.compare(a.number(), b.number()));
    private final Random random;
    private final Random sizes;
    private final Throttle endpoint;
    private final long callMillis;
    private final List<FleetBreaker> breakers = new ArrayList<>();
    private final List<FleetPacer> pacers = new ArrayList<>();
    private double shareOfFirst;
    private long now;
    private long number;
    private int offered;
    private int taken;
    private int throttled;
    private int opened;
    private int reports;

    PacedFleet(int workers, Throttle endpoint, long callMillis, Map<Endpoint, Quota> quotas, long seed) {
        this.random = new Random(seed);
        this.sizes = new Random(seed);
        this.endpoint = endpoint;
        this.callMillis = callMillis;
        InMemoryBreakerStore breakerStore = new InMemoryBreakerStore();
        PaceStore paceStore = counting(new InMemoryPaceStore());
        InstantSource clock = () -> START.plusMillis(now);
        for (int i = 0; i < workers; i++) {
            FleetBreaker breaker =
                    new FleetBreaker(BreakerSettings.DEFAULTS, breakerStore, clock, new Random(seed + i), notice -> {
                        if (notice instanceof Notice.Moved moved
                                && moved.transition().to().equals("OPEN")) {
                            opened++;
                        }
                    });
            breakers.add(breaker);
            pacers.add(new FleetPacer(
                    paceStore, breaker, quotas, clock, new SplittableRandom(seed + i), PaceListener.NONE));
            at(random.nextInt(500), new Tick(i));
        }
    }

    private PaceStore counting(PaceStore store) {
        return new PaceStore() {
            @Override
            public PaceState read(String endpointId, Instant at) {
                return store.read(endpointId, at);
            }

            @Override
            public PaceState report(String endpointId, Map<Long, PaceState.Told> told, List<Long> expired, Instant at) {
                reports++;
                return store.report(endpointId, told, expired, at);
            }

            @Override
            public PaceState move(String endpointId, long epoch, Measure measure, Pace pace) {
                reports++;
                return store.move(endpointId, epoch, measure, pace);
            }
        };
    }

    private final class Tick implements Runnable {
        private final int worker;

        Tick(int worker) {
            this.worker = worker;
        }

        @Override
        public void run() {
            breakers.get(worker).flushDue();
            pacers.get(worker).flushDue();
            at(now + 500, this);
        }
    }

    private void at(long time, Runnable action) {
        events.add(new Event(time, ++number, action));
    }

    /** One worker makes so much of all attempts, the others share the rest; without this each makes as many. */
    void letFirstMake(double share) {
        shareOfFirst = share;
    }

    /** Poisson arrivals at so many per minute until then. */
    void offer(double perMinute, long from, long until) {
        at(from, () -> arrive(perMinute, until));
    }

    private void arrive(double perMinute, long until) {
        if (now >= until) {
            return;
        }
        offered++;
        attempt(0);
        at(
                now + Math.max(1, Math.round(-Math.log(1 - random.nextDouble()) * 60_000 / perMinute)),
                () -> arrive(perMinute, until));
    }

    void run(long until) {
        while (!events.isEmpty() && events.peek().at() <= until) {
            Event event = events.remove();
            now = event.at();
            event.action().run();
        }
        now = until;
    }

    /** Calls that the endpoint took, as a share of those that it would have taken from whoever knows its quota. */
    double goodput(double quotaPerMinute) {
        return taken / Math.min(offered, quotaPerMinute * now / 60_000);
    }

    int taken() {
        return taken;
    }

    /** Jobs that no call has served. */
    int waiting() {
        return offered - taken;
    }

    double throttledShare() {
        return (double) throttled / Math.max(1, throttled + taken);
    }

    /** How often the breaker opened. */
    int opened() {
        return opened;
    }

    /** Requests to the pace store. */
    int reports() {
        return reports;
    }

    private void again(Instant retryAt, int times) {
        long wait = Math.max(START.plusMillis(now).until(retryAt).toMillis(), 5_000L << Math.min(times, 8));
        wait = Math.min(900_000, wait + Math.round(wait * .2 * random.nextDouble()));
        at(now + wait, () -> attempt(times + 1));
    }

    private void attempt(int times) {
        int worker = pickWorker();
        switch (pacers.get(worker).ask(ENDPOINT, RESERVED)) {
            case Turn.TooFast tooFast -> again(tooFast.retryAt(), times);
            case Turn.Taken turn -> {
                switch (breakers.get(worker).admit(ENDPOINT, Duration.ofSeconds(60), turn::spacing)) {
                    case Admission.Refusal refusal -> {
                        turn.giveBack();
                        again(refusal.retryAt(), times);
                    }
                    case Admission.Permit permit -> call(turn, permit, times);
                }
            }
        }
    }

    private int pickWorker() {
        if (shareOfFirst == 0) {
            return random.nextInt(breakers.size());
        }
        return random.nextDouble() < shareOfFirst ? 0 : 1 + random.nextInt(breakers.size() - 1);
    }

    private void call(Turn.Taken turn, Admission.Permit permit, int times) {
        if (endpoint.takes(now)) {
            taken++;
            at(now + callMillis, () -> {
                int used = USED / 2 + sizes.nextInt(USED);
                endpoint.ended(now, used);
                turn.used(used);
                permit.end(new Outcome.Success());
            });
        } else {
            throttled++;
            at(now + 50, () -> {
                boolean explained = turn.throttled(endpoint.measure());
                permit.end(
                        explained
                                ? new Outcome.Ignored()
                                : new Outcome.Failure(FailureKind.THROTTLED, "throttled", null));
                again(START.plusMillis(now + 15_000), times);
            });
        }
    }

    static Throttle tokenBucket(double perMinute, double depth) {
        return new Throttle() {
            private double level = depth;
            private long last;

            @Override
            public boolean takes(long millis) {
                level = Math.min(depth, level + (millis - last) * perMinute / 60_000);
                last = millis;
                if (level < 1) {
                    return false;
                }
                level--;
                return true;
            }
        };
    }

    /** Reserves a call's tokens when it starts, and gives back what it has not used when it ends, as Bedrock does. */
    static Throttle tokenQuota(double perMinute, double depth) {
        return new Throttle() {
            private double level = depth;
            private long last;

            @Override
            public boolean takes(long millis) {
                fill(millis);
                if (level < RESERVED) {
                    return false;
                }
                level -= RESERVED;
                return true;
            }

            @Override
            public void ended(long millis, int used) {
                fill(millis);
                level = Math.min(depth, level + RESERVED - used);
            }

            @Override
            public Measure measure() {
                return Measure.TOKENS;
            }

            private void fill(long millis) {
                level = Math.min(depth, level + (millis - last) * perMinute / 60_000);
                last = millis;
            }
        };
    }

    static Throttle fixedWindow(int perMinute) {
        return new Throttle() {
            private long minute;
            private int used;

            @Override
            public boolean takes(long millis) {
                if (millis / 60_000 != minute) {
                    minute = millis / 60_000;
                    used = 0;
                }
                return ++used <= perMinute;
            }
        };
    }
}
