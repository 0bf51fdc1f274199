package io.breakwater.breaker;

/**
 * Calls that were started, and how many of them failed. What has not failed succeeded or is still on its way.
 *
 * <p>As a difference between what a worker saw and what it told, both may be negative.
 */
public record Counts(int calls, int failures) {
    public static final Counts NONE = new Counts(0, 0);

    public Counts plus(Counts other) {
        return new Counts(calls + other.calls, failures + other.failures);
    }

    Counts minus(Counts other) {
        return new Counts(calls - other.calls, failures - other.failures);
    }

    /** Failed calls as a share of all; 0 when there were none. */
    public double failureRate() {
        return calls <= 0 ? 0 : (double) failures / calls;
    }

    boolean isNone() {
        return calls == 0 && failures == 0;
    }
}
