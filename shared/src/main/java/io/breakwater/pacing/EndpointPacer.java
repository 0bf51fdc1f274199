package io.breakwater.pacing;

import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.RecentCalls;
import io.breakwater.model.Endpoint;
import io.breakwater.pacing.PaceRule.Evidence;
import io.breakwater.pacing.PaceState.Told;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One worker's part in the pace of one endpoint. Guarded by its lock, store calls too. */
final class EndpointPacer {
    /** How long what is untold waits for more. */
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(4);

    /** Between reports of throttles while there is no pace. */
    private static final Duration URGENT_INTERVAL = Duration.ofMillis(500);

    /** How long a worker that knows no pace leaves an endpoint alone that throttled it. */
    private static final Duration HOLD = Duration.ofSeconds(1);

    /** From the first throttle until a pace must have been found, or cut, or throttles are not explained by one. */
    private static final Duration LEARNING_TIME = Duration.ofSeconds(15);

    private static final double HARDLY_ANY = 0.2;

    /** A service that throttles a call does so sooner. */
    private static final Duration THROTTLING_TIME = Duration.ofMillis(500);

    private static final Duration RECENT_FRESH = Duration.ofSeconds(1);

    private static final Told WANTED = new Told(1, 0, 0);

    private static final double MINUTE = Duration.ofMinutes(1).toMillis();

    private static final Logger LOG = LoggerFactory.getLogger(EndpointPacer.class);

    private final Endpoint endpoint;
    private final PaceStore store;
    private final FleetBreaker breaker;
    private final Quota quota;
    private final InstantSource clock;
    private final PaceListener listener;

    private final ReentrantLock lock = new ReentrantLock();
    private PaceState heard = PaceState.INITIAL;
    private final TreeMap<Long, Told> own = new TreeMap<>();
    private final TreeMap<Long, Told> untold = new TreeMap<>();
    private final Level requests;
    private final Level tokens;
    private final Map<Measure, Pace> cuts = new EnumMap<>(Measure.class);
    private Instant lastReport = Instant.EPOCH;
    private Instant holdUntil = Instant.EPOCH;
    private Instant learningSince = Instant.EPOCH;
    private Instant lastThrottle = Instant.EPOCH;
    private final ArrayDeque<Taken> undecided = new ArrayDeque<>();
    private final FadingCount survivors = new FadingCount();
    private final FadingCount throttledLately = new FadingCount();
    private boolean lost;
    private double tokensPerCall;
    private Instant recentAt = Instant.EPOCH;
    private RecentCalls recent = RecentCalls.NONE;
    private double share = 1;

    EndpointPacer(
            Endpoint endpoint,
            PaceStore store,
            FleetBreaker breaker,
            Quota quota,
            InstantSource clock,
            RandomGenerator random,
            PaceListener listener) {
        this.endpoint = endpoint;
        this.store = store;
        this.breaker = breaker;
        this.quota = quota;
        this.clock = clock;
        this.listener = listener;
        this.requests = new Level(random);
        this.tokens = new Level(random);
    }

    Turn ask(long wanted) {
        return locked(() -> {
            Instant now = clock.instant();
            tokensPerCall = tokensPerCall == 0 ? wanted : tokensPerCall + (wanted - tokensPerCall) / 16;
            if (now.isBefore(holdUntil)) {
                return new Turn.TooFast(Measure.REQUESTS, holdUntil);
            }
            noteSurvivors(now);
            if (breaker.takesOnlyProbes(endpoint)) {
                return askForProbe(wanted, now);
            }
            PaceInForce pace = inForce(now);
            if (!pace.isPaced() && hasRecoveredSinceHeard(now)) {
                report(now);
                pace = inForce(now);
            }
            if (!pace.isPaced()) {
                return taken(wanted, Map.of(), now);
            }
            note(now, WANTED);
            Map<Measure, Double> costs = new EnumMap<>(Measure.class);
            for (Measure measure : Measure.values()) {
                OptionalDouble perMinute = pace.perMinute(measure);
                if (perMinute.isPresent()) {
                    double cost = cost(measure, (double) wanted);
                    Optional<Instant> wait = level(measure).wait(cost, perMinute.getAsDouble() * share / MINUTE, now);
                    if (wait.isPresent()) {
                        return new Turn.TooFast(measure, wait.get());
                    }
                    costs.put(measure, cost);
                }
            }
            costs.forEach((measure, cost) -> level(measure).add(-cost));
            return taken(wanted, costs, now);
        });
    }

    /** Then others may have found a pace. */
    private boolean hasRecoveredSinceHeard(Instant now) {
        Instant since = recentCalls(now).closedSince();
        return recent.isClosed()
                && lastReport.isBefore(since)
                && since.isAfter(now.minusSeconds(PaceStore.KEPT_SECONDS));
    }

    private Taken taken(long wanted, Map<Measure, Double> costs, Instant now) {
        Taken turn = new Taken(wanted, costs, now);
        undecided.addLast(turn);
        return turn;
    }

    /**
     * The breaker keeps probes to the pace: a worker's share says little of so few. No level fills meanwhile, or all workers
     * together would begin with more than the endpoint takes at once.
     */
    private Turn askForProbe(long wanted, Instant now) {
        if (inForce(now).isPaced() || now.isBefore(lastThrottle.plus(PaceState.WINDOW))) {
            note(now, WANTED);
        }
        requests.restart();
        tokens.restart();
        return new Taken(wanted, Map.of(), now);
    }

    void flush() {
        locked(() -> {
            Instant now = clock.instant();
            if (breaker.takesOnlyProbes(endpoint)) {
                reportIfDue(now);
            } else if (!untold.isEmpty()) {
                report(now);
            }
        });
    }

    void flushDue() {
        locked(() -> reportIfDue(clock.instant()));
    }

    private void reportIfDue(Instant now) {
        Duration interval =
                heard.paces().isEmpty() && !breaker.takesOnlyProbes(endpoint) ? URGENT_INTERVAL : REPORT_INTERVAL;
        if (!untold.isEmpty() && Duration.between(lastReport, now).compareTo(interval) >= 0) {
            report(now);
        }
    }

    private void report(Instant now) {
        report(now, measure -> PaceRule.next(heard, measure, evidence(measure), now));
    }

    private void report(Instant now, Function<Measure, Optional<Pace>> rule) {
        Map<Long, Told> told = Map.copyOf(untold);
        untold.clear();
        lastReport = now;
        try {
            heard = store.report(endpoint.id(), told, heard.expired(now), now);
            own.headMap(PaceState.bucket(now.minus(PaceState.WINDOW))).clear();
            lost = false;
            share = share();
            for (Measure measure : Measure.values()) {
                Optional<Pace> next = rule.apply(measure);
                if (next.isPresent()) {
                    move(measure, next.get());
                }
            }
        } catch (RuntimeException e) {
            if (!lost) {
                LOG.warn("{} keeps to the pace that was last heard: the pace store fails", endpoint, e);
            }
            lost = true;
        }
    }

    private void move(Measure measure, Pace pace) {
        heard = store.move(endpoint.id(), heard.epoch(), measure, pace);
        if (pace.changedAt().equals(pace.cutAt()) && heard.pace(measure).equals(Optional.of(pace))) {
            cuts.put(measure, pace);
        }
    }

    private PaceInForce inForce(Instant now) {
        return new PaceInForce(
                heard, quota, recentCalls(now), measure -> OptionalDouble.of(cost(measure, tokensPerCall)), now);
    }

    /** Looked up once a second while it is closed: it is a minute's sum. */
    private RecentCalls recentCalls(Instant now) {
        if (!recent.isClosed() || Duration.between(recentAt, now).abs().compareTo(RECENT_FRESH) >= 0) {
            recentAt = now;
            recent = breaker.recentCalls(endpoint, now.minus(PaceState.WINDOW));
        }
        return recent;
    }

    /** Of the fleet's calls at its pace, as it stands now. */
    private Duration spacing(long wanted) {
        Instant now = clock.instant();
        if (Duration.between(lastReport, now).compareTo(REPORT_INTERVAL) >= 0) {
            report(now);
        }
        PaceInForce pace = inForce(now);
        double minutes = 0;
        for (Measure measure : Measure.values()) {
            OptionalDouble perMinute = pace.perMinute(measure);
            if (perMinute.isPresent()) {
                minutes = Math.max(minutes, cost(measure, (double) wanted) / perMinute.getAsDouble());
            }
        }
        return Duration.ofMillis(Math.round(minutes * MINUTE));
    }

    /** This worker's part of the fleet's last demand; as before if there was none. */
    private double share() {
        int fleet = PaceState.lastDemand(heard.buckets(), lastReport);
        double mine = Math.max(1, PaceState.lastDemand(own, lastReport));
        return fleet == 0 ? share : mine / Math.max(mine, fleet);
    }

    private Evidence evidence(Measure measure) {
        return new Evidence(from -> breaker.recentCalls(endpoint, from), cost(measure, tokensPerCall));
    }

    private Level level(Measure measure) {
        return switch (measure) {
            case REQUESTS -> requests;
            case TOKENS -> tokens;
        };
    }

    private static double cost(Measure measure, double tokens) {
        return switch (measure) {
            case REQUESTS -> 1;
            case TOKENS -> tokens;
        };
    }

    private void note(Instant now, Told told) {
        long bucket = PaceState.bucket(now);
        own.merge(bucket, told, Told::plus);
        untold.merge(bucket, told, Told::plus);
    }

    private boolean throttled(Measure measure, Instant start) {
        Instant now = clock.instant();
        note(now, Told.throttle(measure));
        throttledLately.add(now);
        learningSince = now.isAfter(lastThrottle.plus(PaceState.WINDOW)) ? now : learningSince;
        lastThrottle = now;
        noteSurvivors(now);
        boolean paced = heard.pace(measure).isPresent();
        boolean someGetThrough = someGetThrough(now);
        if (!paced && someGetThrough) {
            holdUntil = now.plus(HOLD);
        }
        if (breaker.takesOnlyProbes(endpoint)) {
            return probeThrottled(measure, start, now);
        }
        reportIfDue(now);
        boolean learning = someGetThrough && now.isBefore(learningSince.plus(LEARNING_TIME));
        return !lost && (learning || (paced && PaceRule.explains(heard, measure, evidence(measure), start, now)));
    }

    /** Explained where others of its recovery got through, if it began before all could know of the pace that was cut for it. */
    private boolean probeThrottled(Measure measure, Instant start, Instant now) {
        if (!breaker.anyProbeSucceeded(endpoint)) {
            reportIfDue(now);
            return false;
        }
        double perCall = cost(measure, tokensPerCall);
        report(now, of -> of == measure ? PaceRule.ofThrottledProbe(heard.pace(of), perCall, now) : Optional.empty());
        return !lost
                && heard.pace(measure)
                        .filter(pace -> start.isBefore(pace.cutAt().plus(PaceRule.REACTION)))
                        .isPresent();
    }

    /** Where nothing gets through there is no pace to learn. */
    private boolean someGetThrough(Instant now) {
        return survivors.value(now) >= HARDLY_ANY * throttledLately.value(now);
    }

    /** A call that is not throttled at once is not throttled. */
    private void noteSurvivors(Instant now) {
        while (!undecided.isEmpty() && undecided.getFirst().survivedAt().isBefore(now)) {
            Taken turn = undecided.removeFirst();
            if (turn.mayGetThrough) {
                survivors.add(turn.survivedAt());
            }
        }
    }

    private void locked(Runnable action) {
        locked(() -> {
            action.run();
            return true;
        });
    }

    private <T> T locked(Supplier<T> action) {
        Map<Measure, Pace> cutNow;
        T answer;
        lock.lock();
        try {
            answer = action.get();
        } finally {
            cutNow = Map.copyOf(cuts);
            cuts.clear();
            lock.unlock();
        }
        cutNow.forEach((measure, pace) -> {
            LOG.info("{} is throttled: paced at {} {} a minute", endpoint, Math.round(pace.perMinute()), measure);
            listener.onCut(endpoint, measure, pace);
        });
        return answer;
    }

    private final class Taken implements Turn.Taken {
        private final Map<Measure, Double> costs;
        private final Instant start;
        private final long wanted;
        private boolean mayGetThrough = true;

        private Taken(long wanted, Map<Measure, Double> costs, Instant start) {
            this.wanted = wanted;
            this.costs = costs;
            this.start = start;
        }

        @Override
        public Duration spacing() {
            return locked(() -> EndpointPacer.this.spacing(wanted));
        }

        private Instant survivedAt() {
            return start.plus(THROTTLING_TIME);
        }

        @Override
        public void giveBack() {
            locked(() -> {
                mayGetThrough = false;
                costs.forEach((measure, cost) -> level(measure).add(cost));
            });
        }

        @Override
        public void used(long used) {
            Double reserved = costs.get(Measure.TOKENS);
            if (reserved != null) {
                locked(() -> tokens.add(Math.max(0, reserved - used)));
            }
        }

        @Override
        public boolean throttled(Measure measure) {
            return locked(() -> {
                mayGetThrough = false;
                return EndpointPacer.this.throttled(measure, start);
            });
        }
    }
}
