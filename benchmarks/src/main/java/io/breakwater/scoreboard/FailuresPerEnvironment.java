package io.breakwater.scoreboard;

import java.util.Optional;

/**
 * Peer B, built again from its description: each environment counts its own consecutive failures, and the fifth opens the
 * breaker for all. What the description leaves open is taken as: a read before each call, a write for each change; after
 * 60 s whoever reads it probes, a success closes it, a failure opens it again.
 */
final class FailuresPerEnvironment implements Fleet {
    private static final int ROW = 5;
    private static final long WAIT = 60_000;

    private final VirtualTime time;
    private final int[] rows;
    private boolean open;
    private long openedAt;
    private long reads;
    private long writes;
    private int trips;

    FailuresPerEnvironment(VirtualTime time, int environments) {
        this.time = time;
        this.rows = new int[environments];
    }

    @Override
    public Optional<Call> admit(int environment) {
        reads++;
        if (state() == State.OPEN) {
            return Optional.empty();
        }
        return Optional.of(
                open
                        ? new ProbingCall(failure -> probed(failure.isPresent()), Optional.of(new Probe(openedAt, 1)))
                        : new ProbingCall(failure -> counted(environment, failure.isPresent()), Optional.empty()));
    }

    private void counted(int environment, boolean failed) {
        rows[environment] = failed ? rows[environment] + 1 : 0;
        if (rows[environment] >= ROW && !open) {
            rows[environment] = 0;
            trips++;
            open();
        }
    }

    private void probed(boolean failed) {
        if (failed) {
            open();
        } else if (open) {
            writes++;
            open = false;
        }
    }

    private void open() {
        writes++;
        open = true;
        openedAt = time.millis();
    }

    @Override
    public State state() {
        return !open ? State.CLOSED : time.millis() < openedAt + WAIT ? State.OPEN : State.HALF_OPEN;
    }

    @Override
    public int trips() {
        return trips;
    }

    @Override
    public StoreCalls storeCalls() {
        return new StoreCalls(reads, writes);
    }

    @Override
    public long openUntilMillis() {
        return openedAt + WAIT;
    }
}
