package io.breakwater.scoreboard;

import io.breakwater.breaker.Admission;
import io.breakwater.breaker.BreakerListener;
import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.BreakerState;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.Outcome;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The shipped client in each environment, all of them over one store. */
final class BreakwaterFleet implements Fleet {
    private static final Endpoint ENDPOINT = new Endpoint("us-east-1", "model", "model");
    private static final Duration CALL_TIMEOUT = Duration.ofMinutes(2);

    private final Endpoint endpoint;
    private final CountingStore store;
    private final List<Worker> workers;
    private int trips;

    /** Makes an environment's client. */
    @FunctionalInterface
    interface Client {
        FleetBreaker make(CountingStore store, InstantSource clock, RandomGenerator random, BreakerListener listener);
    }

    private BreakwaterFleet(Endpoint endpoint, CountingStore store, List<Worker> workers) {
        this.endpoint = endpoint;
        this.store = store;
        this.workers = workers;
    }

    static Fleet.Maker with(BreakerSettings settings) {
        return with((store, clock, random, listener) -> new FleetBreaker(settings, store, clock, random, listener));
    }

    static Fleet.Maker with(Client client) {
        return (time, environments, seed) -> over(
                        new CountingStore(() -> {}), client, List.of(ENDPOINT), time, environments, seed)
                .getFirst();
    }

    /** A fleet for each endpoint, over the same environments. */
    static List<BreakwaterFleet> over(
            CountingStore store,
            Client client,
            List<Endpoint> endpoints,
            VirtualTime time,
            int environments,
            long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Worker> workers = new ArrayList<>();
        List<BreakwaterFleet> fleets = endpoints.stream()
                .map(endpoint -> new BreakwaterFleet(endpoint, store, workers))
                .toList();
        BreakerListener trips = notice -> fleets.forEach(fleet -> fleet.hear(notice));
        for (int environment = 0; environment < environments; environment++) {
            workers.add(new Worker(
                    client.make(store, time, random.split(), trips),
                    time,
                    random.nextLong(FleetBreaker.TICK.toMillis())));
        }
        return fleets;
    }

    static BreakwaterFleet over(CountingStore store, VirtualTime time, int environments, long seed) {
        Client shipped = (itsStore, clock, random, listener) ->
                new FleetBreaker(BreakerSettings.DEFAULTS, itsStore, clock, random, listener);
        return over(store, shipped, List.of(ENDPOINT), time, environments, seed).getFirst();
    }

    private void hear(Notice notice) {
        if (notice instanceof Notice.Moved moved
                && moved.endpoint().equals(endpoint)
                && moved.transition().from().equals("CLOSED")) {
            trips++;
        }
    }

    @Override
    public Optional<Call> admit(int environment) {
        Worker worker = workers.get(environment);
        return switch (worker.admit(endpoint)) {
            case Admission.Refusal _ -> Optional.empty();
            case Admission.Permit permit -> {
                worker.callStarted();
                yield Optional.of(new PermittedCall(worker, permit, permit.isProbe() ? stage() : Optional.empty()));
            }
        };
    }

    private Optional<Probe> stage() {
        return store.look(endpoint.id()) instanceof BreakerState.HalfOpen stage
                ? Optional.of(new Probe(stage.epoch(), stage.slots().size()))
                : Optional.empty();
    }

    @Override
    public State state() {
        return switch (store.look(endpoint.id())) {
            case BreakerState.Closed _ -> State.CLOSED;
            case BreakerState.Open _ -> State.OPEN;
            case BreakerState.HalfOpen _ -> State.HALF_OPEN;
        };
    }

    @Override
    public int trips() {
        return trips;
    }

    @Override
    public StoreCalls storeCalls() {
        return store.calls();
    }

    @Override
    public long openUntilMillis() {
        return store.look(endpoint.id()) instanceof BreakerState.Open open
                ? open.until().toEpochMilli()
                : Long.MIN_VALUE;
    }

    private record PermittedCall(Worker worker, Admission.Permit permit, Optional<Probe> probe) implements Call {
        @Override
        public void end(Optional<FailureKind> failure) {
            worker.end(
                    permit,
                    failure.<Outcome>map(kind -> new Outcome.Failure(kind, kind.name(), null))
                            .orElseGet(Outcome.Success::new));
        }
    }

    /** An environment and its timer: it ticks while calls are on their way, and when none is, the invocation has ended. */
    private static final class Worker {
        private final FleetBreaker breaker;
        private final VirtualTime time;
        private final long phaseMillis;
        private int callsOnTheirWay;
        private int asking;
        private boolean ticking;

        Worker(FleetBreaker breaker, VirtualTime time, long phaseMillis) {
            this.breaker = breaker;
            this.time = time;
            this.phaseMillis = phaseMillis;
        }

        Admission admit(Endpoint endpoint) {
            asking++;
            Admission admission = breaker.admit(endpoint, CALL_TIMEOUT);
            asking--;
            return admission;
        }

        void end(Admission.Permit permit, Outcome outcome) {
            asking++;
            permit.end(outcome);
            if (--callsOnTheirWay == 0) {
                breaker.flush();
            }
            asking--;
        }

        void callStarted() {
            callsOnTheirWay++;
            if (!ticking) {
                ticking = true;
                tickLater();
            }
        }

        private void tickLater() {
            long tick = FleetBreaker.TICK.toMillis();
            time.after(tick - Math.floorMod(time.elapsedMillis() - phaseMillis, tick), this::tick);
        }

        private void tick() {
            if (callsOnTheirWay == 0) {
                ticking = false;
                return;
            }
            // Where callers take turns, one may be in the middle of a request: the timer would wait for it.
            if (asking == 0) {
                breaker.flushDue();
            }
            tickLater();
        }
    }
}
