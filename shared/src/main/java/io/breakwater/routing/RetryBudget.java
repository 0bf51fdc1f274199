package io.breakwater.routing;

/**
 * How many further calls a worker may make for jobs whose first call failed: a fifth of its first calls, so that with
 * everything failing the fleet makes 1.2 calls for a job and not three. Safe for use by many threads.
 *
 * <p>As in Finagle's retry budgets, which deposit a share with each request, but none is given in advance: a fleet of
 * thousands of new workers would have thousands.
 */
final class RetryBudget {
    /** First calls that pay for one further call. */
    private static final int FIRST_CALLS = 5;

    /** Further calls that may be saved up. */
    private static final int MOST_SAVED = 10;

    private int deposits;

    synchronized void deposit() {
        deposits = Math.min(deposits + 1, MOST_SAVED * FIRST_CALLS);
    }

    synchronized boolean withdraw() {
        if (deposits < FIRST_CALLS) {
            return false;
        }
        deposits -= FIRST_CALLS;
        return true;
    }

    /** The call was not made after all. */
    synchronized void giveBack() {
        deposits += FIRST_CALLS;
    }
}
