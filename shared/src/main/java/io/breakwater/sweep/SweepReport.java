package io.breakwater.sweep;

/**
 * What one run of the sweeper did, in jobs.
 *
 * @param looked looked at, whatever came of it
 * @param resent sent again, because their message may be lost
 * @param released sent after a long wait
 * @param putOff due for release, but too many at once
 * @param expired ended at their deadline
 * @param failed ended because workers died with them
 * @param errors that could not be looked after; the next run tries again
 */
public record SweepReport(int looked, int resent, int released, int putOff, int expired, int failed, int errors) {}
