package io.breakwater.simulation.pipeline;

import io.breakwater.job.JobMessage;
import io.breakwater.job.JobQueue;
import io.breakwater.simulation.Hits;
import io.breakwater.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;

/** A queue as SQS is at its worst: it delivers twice, late and in any order, and while there are faults it loses. */
final class SimulatedSqs implements JobQueue {
    private static final int LATEST_SECONDS = 7_200;

    private final InstantSource clock;
    private final SplittableRandom random;
    private final Hits hits;
    private final Queue messages = new Queue();
    private final Queue deadLetters = new Queue();
    private final Set<JobMessage> taken = new HashSet<>();
    private double faults;
    private int sent;
    private int buried;

    SimulatedSqs(InstantSource clock, SplittableRandom random, Hits hits) {
        this.clock = clock;
        this.random = random;
        this.hits = hits;
    }

    /** How likely it is that a message that was sent never comes, that it comes twice, and that it comes late. */
    void setFaults(double faults) {
        this.faults = faults;
    }

    @Override
    public void send(JobMessage message, String tenant, Duration delay) {
        if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
            throw new AssertionError("SQS refuses a delay of " + delay);
        }
        taken.add(new JobMessage(message.jobId(), message.generation()));
        if (random.nextDouble() < faults) {
            hits.hit("message lost");
        } else {
            add(message.body(), random.nextDouble() < faults ? late(delay, "message delayed") : delay);
        }
        if (random.nextDouble() < faults) {
            add(message.body(), late(delay, "message sent twice"));
        }
    }

    private Duration late(Duration delay, String hit) {
        hits.hit(hit);
        return delay.plusSeconds(random.nextInt(LATEST_SECONDS));
    }

    /** Whether a message of this job and generation was ever taken, whatever became of it. */
    boolean hasTaken(String jobId, int generation) {
        return taken.contains(new JobMessage(jobId, generation));
    }

    void add(String body, Duration delay) {
        messages.hide(
                new SimulatedMessage("message-" + ++sent, body), clock.instant().plus(delay));
    }

    void addDeadLetter(String body) {
        deadLetters.hide(new SimulatedMessage("message-" + ++sent, body), clock.instant());
    }

    /** An operator has SQS move what is in the dead-letter queue back to where it came from. */
    void redrive() {
        List<SimulatedMessage> moved = deadLetters.receive(Integer.MAX_VALUE, Duration.ZERO);
        moved.forEach(message -> {
            hits.hit("redriven");
            delete(message);
            add(message.body(), Duration.ZERO);
        });
    }

    List<SimulatedMessage> receive(int most) {
        List<SimulatedMessage> batch = messages.receive(most, Topology.JOB_VISIBILITY);
        for (SimulatedMessage message : List.copyOf(batch)) {
            if (message.receives > Topology.MAX_RECEIVE_COUNT) {
                batch.remove(message);
                message.deleted = true;
                buried++;
                addDeadLetter(message.body());
            }
        }
        return batch;
    }

    List<SimulatedMessage> receiveDeadLetters(int most) {
        return deadLetters.receive(most, Topology.DEAD_LETTER_VISIBILITY);
    }

    void delete(SimulatedMessage message) {
        message.deleted = true;
    }

    /** Messages that were delivered in vain too often. */
    int buried() {
        return buried;
    }

    /** Messages, most of which nobody may see yet. */
    private final class Queue {
        private final PriorityQueue<SimulatedMessage> hidden =
                new PriorityQueue<>(Comparator.comparing((SimulatedMessage message) -> message.visibleAt)
                        .thenComparing(SimulatedMessage::id));
        private final List<SimulatedMessage> visible = new ArrayList<>();

        private void hide(SimulatedMessage message, Instant until) {
            message.visibleAt = until;
            hidden.add(message);
        }

        private List<SimulatedMessage> receive(int most, Duration visibility) {
            while (!hidden.isEmpty() && !hidden.peek().visibleAt.isAfter(clock.instant())) {
                visible.add(hidden.poll());
            }
            List<SimulatedMessage> batch = new ArrayList<>();
            while (!visible.isEmpty() && batch.size() < most) {
                SimulatedMessage message = visible.set(random.nextInt(visible.size()), visible.getLast());
                visible.removeLast();
                if (!message.deleted) {
                    message.receives++;
                    hide(message, clock.instant().plus(visibility));
                    batch.add(message);
                }
            }
            return batch;
        }
    }

    static final class SimulatedMessage {
        private final String id;
        private final String body;
        private Instant visibleAt = Instant.EPOCH;
        private int receives;
        private boolean deleted;

        private SimulatedMessage(String id, String body) {
            this.id = id;
            this.body = body;
        }

        String id() {
            return id;
        }

        String body() {
            return body;
        }

        boolean isRedelivered() {
            return receives > 1;
        }
    }
}
