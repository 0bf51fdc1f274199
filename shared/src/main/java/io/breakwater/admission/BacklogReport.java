package io.breakwater.admission;

import java.time.Duration;
import java.time.Instant;

/**
 * What a worker says of the backlog.
 *
 * @param waited how long the jobs that it took had waited in the queue
 * @param until when this is too old to go by
 */
public record BacklogReport(Duration waited, Instant until) {}
