package io.breakwater.simulation;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes from event to event, and code that waits in it.
 *
 * <p>Events happen in the order of their times, and of their making where those are equal. Code that {@link #pause pauses}
 * runs as a coroutine: on a thread of its own, but never while anything else runs, so one seed gives one history.
 */
public final class VirtualTime implements InstantSource {
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final Runnable afterEachEvent;
    private long now;
    private long number;
    private @Nullable Coroutine running;

    /** Begins at {@code start}; {@code afterEachEvent} is run when an event has happened. */
    public VirtualTime(Instant start, Runnable afterEachEvent) {
        this.now = start.toEpochMilli();
        this.afterEachEvent = afterEachEvent;
    }

    private record Event(long at, long number, Runnable action) {}

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(now);
    }

    @Override
    public long millis() {
        return now;
    }

    /** Has the action done in so many milliseconds. */
    public void after(long millis, Runnable action) {
        events.add(new Event(now + Math.max(0, millis), number++, action));
    }

    /** Lets time pass until {@code end}, or until nothing more happens. */
    public void runUntil(long end) {
        while (!events.isEmpty() && events.peek().at() <= end) {
            Event event = events.poll();
            now = event.at();
            event.action().run();
            afterEachEvent.run();
        }
        now = Math.max(now, end);
    }

    /** Runs the code until it ends or pauses; then the rest of it is an event like others. */
    public void start(Runnable code) {
        new Coroutine(code).go();
    }

    /** Has the code that calls this go on in so many milliseconds. To be called from a coroutine. */
    public void pause(long millis) {
        Coroutine self = running;
        if (self == null) {
            throw new IllegalStateException("only code that was started as a coroutine can pause");
        }
        after(millis, self::go);
        self.yieldNow();
    }

    private final class Coroutine {
        private final Semaphore mayRun = new Semaphore(0);
        private final Semaphore yielded = new Semaphore(0);
        private final Thread thread;
        private @Nullable Throwable failure;

        private Coroutine(Runnable code) {
            thread = Thread.ofVirtual().unstarted(() -> {
                mayRun.acquireUninterruptibly();
                try {
                    code.run();
                } catch (Throwable e) {
                    failure = e;
                }
                yielded.release();
            });
            thread.start();
        }

        private void go() {
            Coroutine before = running;
            running = this;
            mayRun.release();
            yielded.acquireUninterruptibly();
            running = before;
            if (failure != null) {
                Throwable cause = failure;
                failure = null;
                if (cause instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) cause;
            }
        }

        private void yieldNow() {
            yielded.release();
            mayRun.acquireUninterruptibly();
        }
    }
}
