package io.breakwater.health;

import java.time.Instant;

/**
 * Whether a region is fit for traffic, as the fleet has it.
 *
 * @param since as of when: the failure that was one too many, or the recovery that ended it
 * @param reason what it was judged by
 * @param epoch raised by every transition, so that it names exactly one of these
 */
public record RegionHealth(String region, State state, Instant since, String reason, long epoch) {
    /** Fit for traffic, or not. */
    public enum State {
        HEALTHY,
        UNHEALTHY
    }

    /** What stands before anything was ever written. */
    public static RegionHealth initial(String region) {
        return new RegionHealth(region, State.HEALTHY, Instant.EPOCH, "", 0);
    }

    public boolean isHealthy() {
        return state == State.HEALTHY;
    }

    RegionHealth next(State next, Instant from, String why) {
        return new RegionHealth(region, next, from, why, epoch + 1);
    }
}
