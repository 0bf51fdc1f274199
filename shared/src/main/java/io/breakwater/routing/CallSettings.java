package io.breakwater.routing;

import java.time.Duration;

/**
 * Limits on the model calls made for a job.
 *
 * @param timeout the longest one call may take; less when the invocation has less time left
 * @param maximumPerDelivery calls that one delivery of a job may make before it is deferred
 */
public record CallSettings(Duration timeout, int maximumPerDelivery) {
    public static final CallSettings DEFAULTS = new CallSettings(Duration.ofMinutes(1), 3);

    public CallSettings {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("timeout must be positive, was " + timeout);
        }
        if (maximumPerDelivery < 1) {
            throw new IllegalArgumentException("maximumPerDelivery must be at least 1, was " + maximumPerDelivery);
        }
    }
}
