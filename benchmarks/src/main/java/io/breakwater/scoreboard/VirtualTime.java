package io.breakwater.scoreboard;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;

/** Time that passes from event to event; those of one moment happen in the order in which they were planned. */
public final class VirtualTime implements InstantSource {
    /** A morning, so that a day's quota lasts for the length of an experiment of hours. */
    private static final Instant MORNING = Instant.parse("2026-01-01T09:00:00Z");

    private final long start;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long planned;

    /** From a morning on. */
    public VirtualTime() {
        this(MORNING);
    }

    public VirtualTime(Instant start) {
        this.start = start.toEpochMilli();
    }

    private record Event(long at, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    /** What has passed since the start. */
    public long elapsedMillis() {
        return now;
    }

    @Override
    public long millis() {
        return start + now;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    public void after(long millis, Runnable action) {
        events.add(new Event(now + millis, planned++, action));
    }

    /** Lets all happen that is planned for the time until {@code end}. */
    public void runUntil(Duration end) {
        while (runNext(end)) {
            // The next event does the work.
        }
    }

    /** Lets the next event happen, if it is planned for the time until {@code end}. */
    boolean runNext(Duration end) {
        Event next = events.peek();
        if (next == null || next.at > end.toMillis()) {
            now = Math.max(now, end.toMillis());
            return false;
        }
        events.remove();
        now = next.at;
        next.action.run();
        return true;
    }
}
