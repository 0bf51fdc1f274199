package io.breakwater.breaker;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * When the calls of a window open the breaker. Pure.
 *
 * <h2>Why calls count by their start</h2>
 *
 * A throttled call fails within 50 ms, a model call that goes well takes 10 s. Whoever counts calls as they end sees the
 * failures first: after an idle spell, 1,000 calls of which 1 % fail show 10 failures of 10. So a call counts from its
 * start, in the bucket of its start, and later fails or does not. Failures by calls <em>started</em> in a stretch of time
 * is a lower bound of the failure rate there, whatever is still on its way, and is the rate itself once all of them have
 * ended. Judged on it, the breaker opens on nothing on which the rule would not open with complete and instant
 * information; and it opens on all of it as soon as the calls have ended, or before, when enough have failed.
 *
 * <p>The bound holds when no start is missing. Workers tell their starts within {@link #TELLING_TIME}, so of what the
 * fleet counts, only buckets that ended that long ago are judged.
 *
 * <h2>The rules</h2>
 *
 * <ul>
 *   <li><b>Rate.</b> In any window that ended within the last two, failures are at least the threshold's share of at
 *       least the minimum of calls. (The windows that ended earlier than now are those whose calls have had time to end.)
 *       With {@link BreakerSettings#rateConfidence} set, the calls must also show with that confidence that the
 *       endpoint's rate is above the threshold.
 *   <li><b>Consecutive failures.</b> {@code k} failures in a row, proven: with {@code q} calls that have not failed
 *       among them, {@code k + (k − 1) q} failures hold {@code k} consecutive ones however the {@code q} lie.
 *   <li><b>Plainly failing.</b> Any recent stretch of the last window shows beyond reasonable doubt
 *       ({@link #REASONABLE_DOUBT}) that the endpoint fails at more than the threshold's rate: then the rest of the window
 *       adds nothing. This is what opens a busy fleet's breaker within seconds of an onset, where the plain rule has to
 *       wait until failures make up 30 % of a whole minute.
 * </ul>
 *
 * <p>Confidence is Chernoff's bound on a binomial tail: {@code n} calls of which at least a share {@code f} failed have a
 * chance of at most {@code exp(−n · KL(f ‖ θ))} if each fails with the threshold's probability θ (W. Hoeffding,
 * "Probability inequalities for sums of bounded random variables", 1963, theorem 1).
 */
final class TripRule {
    /** From a call's start until the fleet has it: the flush interval, a tick of the timer, the write. */
    static final Duration TELLING_TIME = Duration.ofSeconds(5);

    /** Chance of taking an endpoint at the threshold for one above it, in one look: ten failures of ten are enough. */
    private static final double REASONABLE_DOUBT = 1e-5;

    private final BreakerSettings settings;
    private final double reasonableDoubt;
    private final Window.Buckets buckets;

    TripRule(BreakerSettings settings) {
        this(settings, REASONABLE_DOUBT);
    }

    /** With a doubt of one's own: at 0 nothing is ever plainly failing. For measurements. */
    TripRule(BreakerSettings settings, double reasonableDoubt) {
        this.settings = settings;
        this.reasonableDoubt = reasonableDoubt;
        this.buckets = new Window.Buckets(settings.window());
    }

    /** Why the breaker opens, and the calls that show it. */
    record Trip(OpenReason reason, Counts calls) {}

    /** What the fleet's window says at {@code now}. */
    Optional<Trip> ofFleet(Window window, Instant now) {
        return judge(window, buckets.at(now.minus(TELLING_TIME)) - 1, now);
    }

    /** What a worker's own calls say of which none is missing: for a worker that the fleet cannot hear. */
    Optional<Trip> ofWorkerAlone(Window own, Instant now) {
        return judge(own, buckets.at(now), now);
    }

    /**
     * What a worker's own calls say to the fleet. They are a sample, but one that was not chosen by how its calls ended:
     * beyond reasonable doubt it will do.
     */
    Optional<Trip> ofSample(Window own, Instant now) {
        return plainlyFailing(sums(own, buckets.at(now), now));
    }

    private Optional<Trip> judge(Window window, long last, Instant now) {
        Sums sums = sums(window, last, now);
        return rate(sums).or(() -> consecutive(sums)).or(() -> plainlyFailing(sums));
    }

    private Optional<Trip> rate(Sums sums) {
        for (long end = sums.last; end >= sums.last - 2 * Window.Buckets.PER_WINDOW && sums.anyFailed(); end--) {
            Counts calls = sums.between(end - Window.Buckets.PER_WINDOW + 1, end);
            if (calls.calls() >= settings.minimumCalls()
                    && calls.failureRate() >= settings.failureRateThreshold()
                    && isAboveThreshold(calls, 1 - settings.rateConfidence())) {
                return Optional.of(new Trip(OpenReason.FAILURE_RATE, calls));
            }
        }
        return Optional.empty();
    }

    private Optional<Trip> consecutive(Sums sums) {
        for (long first = sums.last; first >= sums.first && sums.anyFailed(); first--) {
            Counts calls = sums.between(first, sums.last);
            if (holdsRow(calls.failures(), calls)) {
                return Optional.of(new Trip(OpenReason.CONSECUTIVE_FAILURES, calls));
            }
        }
        // Failures far apart: a row that began before the buckets that are kept.
        return holdsRow(sums.row, sums.between(sums.first, sums.last))
                ? Optional.of(new Trip(OpenReason.CONSECUTIVE_FAILURES, new Counts(sums.row, sums.row)))
                : Optional.empty();
    }

    private boolean holdsRow(int failures, Counts among) {
        int k = settings.consecutiveFailures();
        int others = Math.max(0, among.calls() - among.failures());
        return failures >= k + (long) (k - 1) * others;
    }

    private Optional<Trip> plainlyFailing(Sums sums) {
        for (long first = sums.last; first > sums.last - Window.Buckets.PER_WINDOW && sums.anyFailed(); first--) {
            Counts calls = sums.between(first, sums.last);
            if (calls.calls() >= settings.minimumCalls() && isAboveThreshold(calls, reasonableDoubt)) {
                return Optional.of(new Trip(OpenReason.FAILURE_RATE, calls));
            }
        }
        return Optional.empty();
    }

    /** The window's buckets up to {@code last}, summed up so that every stretch of them is a difference. */
    private Sums sums(Window window, long last, Instant now) {
        long first = buckets.firstKept(now);
        int[] calls = new int[(int) (last - first) + 2];
        int[] failures = new int[calls.length];
        int untold = 0;
        for (Map.Entry<Long, Counts> bucket : window.buckets().entrySet()) {
            if (bucket.getKey() > last) {
                untold += bucket.getValue().failures();
            } else if (bucket.getKey() >= first) {
                int place = (int) (bucket.getKey() - first) + 1;
                calls[place] = bucket.getValue().calls();
                failures[place] = bucket.getValue().failures();
            }
        }
        for (int place = 1; place < calls.length; place++) {
            calls[place] += calls[place - 1];
            failures[place] += failures[place - 1];
        }
        return new Sums(first, last, calls, failures, window.failuresInARow() - untold);
    }

    /** Sums of calls and failures before each bucket, and the failures in a row. */
    private static final class Sums {
        private final long first;
        private final long last;
        private final int[] calls;
        private final int[] failures;
        private final int row;

        private Sums(long first, long last, int[] calls, int[] failures, int row) {
            this.first = first;
            this.last = last;
            this.calls = calls;
            this.failures = failures;
            this.row = row;
        }

        boolean anyFailed() {
            return failures[failures.length - 1] > 0;
        }

        Counts between(long from, long to) {
            int before = (int) (Math.max(from, first) - first);
            int after = (int) (Math.max(to + 1, first) - first);
            return after <= before
                    ? Counts.NONE
                    : new Counts(calls[after] - calls[before], failures[after] - failures[before]);
        }
    }

    /** Whether the chance of so many failures at the threshold's rate is at most {@code doubt}. */
    private boolean isAboveThreshold(Counts calls, double doubt) {
        double threshold = settings.failureRateThreshold();
        double rate = Math.min(1, calls.failureRate());
        return rate >= threshold && calls.calls() * divergence(rate, threshold) >= -Math.log(doubt);
    }

    /** Kullback and Leibler's divergence of two coins, in nats. */
    private static double divergence(double p, double q) {
        return term(p, q) + term(1 - p, 1 - q);
    }

    private static double term(double p, double q) {
        return p == 0 ? 0 : p * Math.log(p / q);
    }
}
