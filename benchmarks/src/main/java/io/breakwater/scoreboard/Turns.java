package io.breakwater.scoreboard;

import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/**
 * Callers that ask at the same moment, and one of whom runs at a time: each gives up its turn around each request to the
 * store, for a drawn time, so that their requests interleave as those of many machines do.
 */
public final class Turns {
    private static final ScopedValue<Semaphore> TURN = ScopedValue.newInstance();
    private static final long SLOWEST_MILLIS = 10;

    private final VirtualTime time;
    private final RandomGenerator random;
    private final Semaphore loop = new Semaphore(0);

    public Turns(VirtualTime time, RandomGenerator random) {
        this.time = time;
        this.random = random;
    }

    /** Lets this happen now, in turn with all that was begun so. */
    public void begin(Runnable caller) {
        Semaphore turn = new Semaphore(0);
        Thread.ofVirtual().start(() -> {
            turn.acquireUninterruptibly();
            try {
                ScopedValue.where(TURN, turn).run(caller);
            } finally {
                loop.release();
            }
        });
        time.after(0, () -> run(turn));
    }

    /** Gives up the caller's turn for a while; whoever has none goes on. */
    void pass() {
        if (TURN.isBound()) {
            pause(random.nextLong(1, SLOWEST_MILLIS + 1));
        }
    }

    /** Has the caller go on in so many milliseconds. */
    public void pause(long millis) {
        Semaphore turn = TURN.get();
        time.after(millis, () -> run(turn));
        loop.release();
        turn.acquireUninterruptibly();
    }

    private void run(Semaphore turn) {
        turn.release();
        loop.acquireUninterruptibly();
    }
}
