package io.breakwater.breaker;

/** How many calls succeeded and failed. */
public record Counts(int successes, int failures) {
    public static final Counts NONE = new Counts(0, 0);

    public Counts plus(Counts other) {
        return new Counts(successes + other.successes, failures + other.failures);
    }

    public int calls() {
        return successes + failures;
    }

    /** Failed calls as a share of all; 0 when there were none. */
    public double failureRate() {
        return calls() == 0 ? 0 : (double) failures / calls();
    }
}
