package io.breakwater.topology;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The pipeline's tables, queue and bucket. The local pipeline creates them from here, and so does the deployed stack,
 * so that what was tried is what is deployed.
 */
public final class Topology {
    /** Jobs by id; a keys-only index lists a tenant's own in a stable order of creation. */
    public static final TableSpec JOBS = new TableSpec(
            "breakwater-jobs",
            "id",
            Optional.empty(),
            "expiresAt",
            List.of(new TableSpec.Index("byTenant", "tenant", "createdAtAndId")));

    /** Breaker state by endpoint, with its history as further items, and region health. */
    public static final TableSpec ENDPOINTS =
            new TableSpec("breakwater-endpoints", "id", Optional.of("part"), "expiresAt", List.of());

    public static final String RESULTS_BUCKET = "breakwater-results";

    public static final String JOB_QUEUE = "breakwater-jobs";
    public static final String DEAD_LETTER_QUEUE = "breakwater-jobs-dlq";

    /** The worker's Lambda timeout: enough for three model calls at their ceiling. */
    public static final Duration WORKER_TIMEOUT = Duration.ofMinutes(5);

    /** AWS's advice for an event source: six times the function's timeout, plus the batching window. */
    public static final Duration JOB_VISIBILITY = WORKER_TIMEOUT.multipliedBy(6).plusSeconds(30);

    /** Deliveries before a message goes to the dead-letter queue. */
    public static final int MAX_RECEIVE_COUNT = 5;

    public static final int BATCH_SIZE = 10;
    public static final Duration BATCH_WINDOW = Duration.ZERO;
    public static final int MAXIMUM_CONCURRENCY = 20;
    public static final Duration MESSAGE_RETENTION = Duration.ofDays(14);

    private Topology() {}
}
