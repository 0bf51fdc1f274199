package io.breakwater.job;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** A job queue in memory, for tests and simulation. A message received is gone: deliver it again by sending it. */
public final class InMemoryJobQueue implements JobQueue {
    private final InstantSource clock;
    private final PriorityQueue<Sent> waiting =
            new PriorityQueue<>(Comparator.comparing(Sent::visibleAt).thenComparingLong(Sent::number));
    private long sent;

    public InMemoryJobQueue(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void send(JobMessage message, String tenant, Duration delay) {
        waiting.add(new Sent(message, tenant, clock.instant().plusSeconds(SqsJobQueue.wholeSeconds(delay)), ++sent));
    }

    /** The message that has been visible for the longest, if any is. */
    public synchronized Optional<JobMessage> receive() {
        return Optional.ofNullable(waiting.peek())
                .filter(next -> !next.visibleAt().isAfter(clock.instant()))
                .map(_ -> waiting.remove().message());
    }

    /** What was sent and not yet received, in the order in which it becomes visible. */
    public synchronized List<Sent> waiting() {
        return waiting.stream().sorted(waiting.comparator()).toList();
    }

    /**
     * A message on its way.
     *
     * @param number counts the messages sent, from 1
     */
    public record Sent(JobMessage message, String tenant, Instant visibleAt, long number) {}
}
