package io.breakwater.job;

import java.time.Duration;

/** Where workers get their jobs from. */
public interface JobQueue {
    /** The longest delay that SQS takes. */
    Duration MAX_DELAY = Duration.ofMinutes(15);

    /**
     * Sends the message, at least once.
     *
     * @param tenant the group within which the queue is fair
     * @param delay before a worker sees it, 0 to {@link #MAX_DELAY}
     * @throws RuntimeException when it is not known to have arrived
     */
    void send(JobMessage message, String tenant, Duration delay);
}
