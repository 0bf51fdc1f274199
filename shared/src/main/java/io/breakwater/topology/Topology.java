package io.breakwater.topology;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The pipeline's functions, tables, queues and bucket. The local pipeline creates them from here, and so does the deployed stack,
 * so that what was tried is what is deployed.
 */
public final class Topology {
    /** A tenant's jobs in a stable order of creation. */
    public static final TableSpec.Index JOBS_BY_TENANT = new TableSpec.Index("byTenant", "tenant", "createdAtAndId");

    /** Jobs that are not final, by when something is to be done about them; only these have the two attributes. */
    public static final TableSpec.Index JOBS_BY_DUE = new TableSpec.Index("byDue", "dueShard", "dueAt");

    /** Partitions of that index, so that its writes are not all one partition's. */
    public static final int DUE_SHARDS = 4;

    /** Jobs by id. */
    public static final TableSpec JOBS =
            new TableSpec("breakwater-jobs", "id", Optional.empty(), "expiresAt", List.of(JOBS_BY_TENANT, JOBS_BY_DUE));

    /** Breaker state by endpoint, with its history as further items, and region health. */
    public static final TableSpec ENDPOINTS =
            new TableSpec("breakwater-endpoints", "id", Optional.of("part"), "expiresAt", List.of());

    public static final String RESULTS_BUCKET = "breakwater-results";

    public static final String JOB_QUEUE = "breakwater-jobs";
    public static final String DEAD_LETTER_QUEUE = "breakwater-jobs-dlq";

    /** Serves the HTTP API, whose gateway waits 30 s at most. */
    public static final FunctionSpec REQUEST =
            new FunctionSpec("request", "io.breakwater.function.request.RequestFunction", Duration.ofSeconds(29), 1769);

    /** Calls models. Its timeout is enough for three calls at their ceiling; it waits most of the time. */
    public static final FunctionSpec WORKER =
            new FunctionSpec("worker", "io.breakwater.function.worker.WorkerFunction", Duration.ofMinutes(5), 1024);

    /** Looks after what waits. Runs may overlap, but need not: the timeout is below {@link #SWEEP_INTERVAL}. */
    public static final FunctionSpec SWEEPER =
            new FunctionSpec("sweeper", "io.breakwater.function.sweeper.SweeperFunction", Duration.ofSeconds(55), 512);

    /** Takes what was delivered in vain: a few requests for each message of a batch. */
    public static final FunctionSpec DEAD_LETTER = new FunctionSpec(
            "dead-letter", "io.breakwater.function.deadletter.DeadLetterFunction", Duration.ofSeconds(60), 512);

    public static final List<FunctionSpec> FUNCTIONS = List.of(REQUEST, WORKER, SWEEPER, DEAD_LETTER);

    public static final Duration JOB_VISIBILITY = jobVisibility(WORKER.timeout());

    /** Deliveries before a message goes to the dead-letter queue. */
    public static final int MAX_RECEIVE_COUNT = 5;

    /** Messages of one invocation at most, of either queue. */
    public static final int BATCH_SIZE = 10;

    /** How long a batch may be gathered, of either queue. */
    public static final Duration BATCH_WINDOW = Duration.ZERO;

    /** Batches of jobs that are worked on at once. */
    public static final int MAXIMUM_CONCURRENCY = 20;

    public static final Duration MESSAGE_RETENTION = Duration.ofDays(14);

    /** How often the sweeper is started. */
    public static final Duration SWEEP_INTERVAL = Duration.ofMinutes(1);

    /** As {@link #JOB_VISIBILITY}. */
    public static final Duration DEAD_LETTER_VISIBILITY = DEAD_LETTER.timeout().multipliedBy(6);

    public static final int DEAD_LETTER_CONCURRENCY = 2;

    private Topology() {}

    /** AWS's advice for an event source: six times the function's timeout, plus the batching window. */
    public static Duration jobVisibility(Duration workerTimeout) {
        return workerTimeout.multipliedBy(6).plusSeconds(30);
    }
}
