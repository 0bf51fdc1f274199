package io.breakwater.local.simulator;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long an answer takes: log-normal, or constant when median and 99th percentile are the same.
 *
 * @param median half of the answers come sooner; zero for no delay at all
 * @param p99 one answer in a hundred takes longer
 */
public record Latency(Duration median, Duration p99) {
    public static final Latency NONE = constant(Duration.ZERO);

    /** The 99th percentile of the standard normal distribution. */
    private static final double Z_99 = 2.326_347_874_040_841;

    public Latency {
        if (median.isNegative() || p99.compareTo(median) < 0 || (median.isZero() && !p99.isZero())) {
            throw new IllegalArgumentException(
                    "latency: the median must be above 0 and at most the p99, were " + median + " and " + p99);
        }
    }

    /** Every answer takes this long. */
    public static Latency constant(Duration latency) {
        return new Latency(latency, latency);
    }

    /** One answer's delay. */
    Duration sample(RandomGenerator random) {
        if (median.equals(p99)) {
            return median;
        }
        double sigma = Math.log((double) p99.toNanos() / median.toNanos()) / Z_99;
        return Duration.ofNanos(Math.round(median.toNanos() * Math.exp(sigma * random.nextGaussian())));
    }
}
