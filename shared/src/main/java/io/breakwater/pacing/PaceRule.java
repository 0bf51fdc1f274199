package io.breakwater.pacing;

import io.breakwater.breaker.RecentCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a fleet's pace moves. Pure.
 *
 * <p>Additive increase, multiplicative decrease, as in D.-M. Chiu, R. Jain, "Analysis of the increase and decrease
 * algorithms for congestion avoidance", 1989; but the decrease is not to half, which would average three quarters of the
 * quota: a minute's quota is what the endpoint took in a minute, so the pace is cut to just above that. There a small
 * share of calls is throttled, the pace stands still, and the quota is used.
 */
final class PaceRule {
    /** From a change until every worker keeps to it and has told: a report's interval and the write. */
    static final Duration REACTION = Duration.ofSeconds(5);

    /** A quota is one of a minute: no shorter stretch tells what it is. */
    private static final Duration MINUTE = PaceState.WINDOW;

    /** Throttles as a share of calls above which a pace is cut. */
    private static final double TOO_FAST = 0.04;

    /** Below which it grows. */
    private static final double UNTHROTTLED = 0.01;

    /** A cut's pace, in terms of what the endpoint took. */
    private static final double ABOVE_TAKEN = 1.01;

    /** A pace that was hardly too fast is cut to this share of itself at most. */
    private static final double GENTLEST = 0.85;

    private static final double HALF = 0.5;

    private static final int GUESS = 1;

    /** Cuts without growth after which throttles of the share that goes on depend on something else. */
    private static final int MOST_CUTS = 5;

    /** Of less than this too little is known. */
    static final Duration MOST_OF_A_MINUTE = Duration.ofSeconds(40);

    /** Growth in one step at first; it grows itself with the time since the last cut. */
    private static final double INCREASE = 0.01;

    private static final double FASTEST_INCREASE = 0.04;

    /** After so long without a cut it grows twice as fast as at first. */
    private static final Duration CALM = Duration.ofMinutes(4);

    /** Growth in one step while it is a guess that was never too fast: twice as fast in little more than a minute. */
    private static final double GUESS_INCREASE = 0.1;

    /** After so long without a cut, and a minute without a throttle, what was too fast may be so no more: it is a guess again. */
    private static final Duration OUTLIVED = Duration.ofMinutes(3);

    /** A pace grows when it is used: up to so many times what was taken. */
    private static final double USED = 1.25;

    private static final Duration STEP = Duration.ofSeconds(10);

    /** Throttles as a share of calls, above which a pace that has been cut does not explain them. */
    private static final double EXPLAINED = 0.15;

    /** The same while the pace is a guess. */
    private static final double EXPLAINED_WHILE_GUESSED = 0.5;

    /** Above this share of throttles a quota is used up until it is renewed, or the endpoint is down. */
    private static final double USED_UP = 0.9;

    /** Fewer throttles than this say nothing. */
    private static final int FEWEST = 2;

    private static final int MANY = 5;

    /** Calls per minute below which no pace goes. */
    private static final double FLOOR = 2;

    /** The first pace when nothing is known but that the probes of a recovery came too fast, in calls per minute. */
    private static final double FIRST_OF_PROBES = 10;

    /**
     * A first pace at an opening, in terms of the rate since the first throttle: seconds are all there is to go by, and they
     * began with what the endpoint had saved up.
     */
    private static final double BELOW_OPENING = 0.7;

    private static final Duration SOON_AFTER_RECOVERY = Duration.ofMinutes(5);

    private final PaceState state;
    private final Measure measure;
    private final Evidence evidence;
    private final Instant now;
    private final Sample minute;

    private PaceRule(PaceState state, Measure measure, Evidence evidence, Instant now) {
        this.state = state;
        this.measure = measure;
        this.evidence = evidence;
        this.now = now;
        minute = since(now.minus(MINUTE));
    }

    /**
     * What a pace depends on beside the state.
     *
     * @param callsSince the fleet's calls that were not throttled, as the breaker knows them
     * @param perCall what a call comes to in the pace's measure, on average
     */
    record Evidence(Function<Instant, RecentCalls> callsSince, double perCall) {}

    /** Calls of a stretch of time of which all is known: those that were throttled, and the others. */
    private record Sample(int throttled, RecentCalls others) {
        double share() {
            return throttled == 0 ? 0 : (double) throttled / (throttled + others.succeeding());
        }

        boolean isOfAMinute() {
            return others.span().compareTo(MOST_OF_A_MINUTE) >= 0;
        }
    }

    /** The pace to go on with, if it is to change now. */
    static Optional<Pace> next(PaceState state, Measure measure, Evidence evidence, Instant now) {
        PaceRule rule = new PaceRule(state, measure, evidence, now);
        Optional<Pace> pace = state.pace(measure);
        if (pace.isEmpty()) {
            return rule.minute.others().isClosed() ? rule.guess() : rule.guessAtOpening();
        }
        return pace.flatMap(rule.minute.others().isClosed() ? rule::moved : rule::cutAtOpening);
    }

    /**
     * A probe was throttled where others of its recovery were not: the endpoint takes calls, but not so fast. Without
     * this the next recovery would go as fast, and end the same way. Once for all probes that were throttled together.
     */
    static Optional<Pace> ofThrottledProbe(Optional<Pace> pace, double perCall, Instant now) {
        double next = pace.map(known -> halved(known, perCall)).orElse(FIRST_OF_PROBES * perCall);
        return pace.filter(known -> known.sinceCut(now).compareTo(REACTION) < 0).isPresent()
                ? Optional.empty()
                : Optional.of(new Pace(next, now, now, GUESS));
    }

    /** Whether throttles that came under a pace are to be expected. */
    static boolean explains(PaceState state, Measure measure, Evidence evidence, Instant callStart, Instant now) {
        return state.pace(measure)
                .filter(pace -> new PaceRule(state, measure, evidence, now).explains(pace, callStart))
                .isPresent();
    }

    private boolean explains(Pace pace, Instant callStart) {
        Instant settled = pace.cutAt().plus(REACTION);
        boolean early = pace.cuts() == GUESS && pace.sinceCut(now).compareTo(MINUTE.plus(REACTION)) < 0;
        Sample sample = since(later(settled, now.minus(MINUTE)));
        boolean few = sample.throttled() <= FEWEST;
        return callStart.isBefore(settled) || sample.share() <= (early || few ? EXPLAINED_WHILE_GUESSED : EXPLAINED);
    }

    private static double halved(Pace pace, double perCall) {
        return Math.max(pace.perMinute() / 2, FLOOR * perCall);
    }

    /** Cut, grown, or left as it is. */
    private Optional<Pace> moved(Pace pace) {
        Instant begun = later(pace.cutAt(), minute.others().closedSince());
        Duration tried = Duration.between(begun, now);
        double taken = minute.others().succeedingPerMinute() * evidence.perCall();
        if (tried.compareTo(MINUTE.plus(REACTION)) >= 0
                && minute.isOfAMinute()
                && minute.throttled() >= FEWEST
                && minute.share() > (pace.cuts() < MOST_CUTS ? TOO_FAST : EXPLAINED_WHILE_GUESSED)) {
            return Optional.of(new Pace(cut(pace, taken), now, now, pace.cuts() + 1));
        }
        if (isFarTooFast(begun.plus(REACTION))) {
            return Optional.of(new Pace(halved(pace, evidence.perCall()), now, now, GUESS));
        }
        return pace.sinceChange(now).compareTo(STEP) >= 0
                        && minute.isOfAMinute()
                        && hasRoom(pace)
                        && pace.perMinute() < USED * taken
                ? Optional.of(grown(pace, tried))
                : Optional.empty();
    }

    /** So much is throttled that there is no time to see what a minute takes. */
    private boolean isFarTooFast(Instant settled) {
        if (now.isBefore(settled.plus(STEP))) {
            return false;
        }
        Sample since = since(settled);
        return since.throttled() >= MANY && since.share() > EXPLAINED_WHILE_GUESSED;
    }

    /** A guess grows fast, so it stops at throttles that others have told by now, before the calls beside them are known. */
    private boolean hasRoom(Pace pace) {
        return pace.cuts() == GUESS ? throttledByNow() < FEWEST : minute.share() < UNTHROTTLED;
    }

    private Pace grown(Pace pace, Duration tried) {
        return pace.cuts() == GUESS
                ? new Pace(pace.perMinute() * (1 + GUESS_INCREASE), now, pace.cutAt(), GUESS)
                : new Pace(pace.perMinute() * (1 + increase(tried)), now, pace.cutAt(), GUESS + 1);
    }

    private double increase(Duration sinceCut) {
        if (sinceCut.compareTo(OUTLIVED) >= 0 && throttledByNow() == 0) {
            return GUESS_INCREASE;
        }
        double times = sinceCut.toMillis() / (double) CALM.toMillis();
        return Math.min(INCREASE * (1 + times * times), FASTEST_INCREASE);
    }

    /** To just above what was taken, or gently where it was hardly too fast. */
    private double cut(Pace pace, double taken) {
        boolean hardly = minute.share() <= EXPLAINED
                && congested().filter(sample -> sample.share() <= HALF).isPresent();
        double cut = Math.max(ABOVE_TAKEN * taken, hardly ? GENTLEST * pace.perMinute() : 0);
        return Math.max(Math.min(pace.perMinute(), cut), FLOOR * evidence.perCall());
    }

    /** The first pace: what the endpoint took since it throttled, or in the whole minute when that is more. */
    private Optional<Pace> guess() {
        return throttledFor().map(congested -> guessed(congested.others().succeedingPerMinute()));
    }

    /** The breaker has opened before a pace was found. */
    private Optional<Pace> guessAtOpening() {
        return throttledFor()
                .filter(congested -> congested.share() <= USED_UP)
                .map(congested -> guessed(BELOW_OPENING * congested.others().succeedingPerMinute()))
                .or(this::usedUpSinceRecovery);
    }

    /**
     * Where nothing gets through any more there is no pace to find, unless that comes soon after a recovery and a minute's
     * worth of calls: then those were the minute's quota.
     */
    private Optional<Pace> usedUpSinceRecovery() {
        return minute.isOfAMinute()
                        && minute.others().closedSince().isAfter(now.minus(SOON_AFTER_RECOVERY))
                        && throttledByNow() >= MANY
                ? Optional.of(guessed(0))
                : Optional.empty();
    }

    /** The breaker has opened although there is a pace: a recovery at the same pace could end the same way. */
    private Optional<Pace> cutAtOpening(Pace pace) {
        return !minute.isOfAMinute() || pace.sinceCut(now).compareTo(REACTION) < 0
                ? Optional.empty()
                : guessAtOpening()
                        .map(guess -> Math.max(guess.perMinute(), halved(pace, evidence.perCall())))
                        .filter(perMinute -> perMinute < pace.perMinute())
                        .map(perMinute -> new Pace(perMinute, now, now, GUESS));
    }

    private Pace guessed(double takenPerMinute) {
        double taken = Math.max(minute.others().succeeding(), takenPerMinute);
        return new Pace(Math.max(ABOVE_TAKEN * taken, FLOOR) * evidence.perCall(), now, now, GUESS);
    }

    /** The calls since the first throttle, if throttles are many enough to say anything. */
    private Optional<Sample> throttledFor() {
        return minute.throttled() < FEWEST || minute.share() <= TOO_FAST ? Optional.empty() : congested();
    }

    /** From the first throttle on; empty while nothing is known of the other calls there. */
    private Optional<Sample> congested() {
        return state.firstThrottle(measure, now.minus(MINUTE))
                .map(this::since)
                .filter(sample -> !sample.others().span().isZero());
    }

    private Sample since(Instant from) {
        RecentCalls others = evidence.callsSince().apply(from);
        Instant until = others.from().plus(others.span());
        return new Sample(
                PaceState.between(state.buckets(), others.from(), until).throttled(measure), others);
    }

    /** In the last minute, by all that was told, whatever is known of other calls. */
    private int throttledByNow() {
        return PaceState.between(state.buckets(), now.minus(MINUTE), now).throttled(measure);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
