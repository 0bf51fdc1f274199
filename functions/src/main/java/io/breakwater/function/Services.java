package io.breakwater.function;

import io.breakwater.job.DynamoDbJobStore;
import io.breakwater.job.JobIds;
import io.breakwater.job.JobQueue;
import io.breakwater.job.JobStore;
import io.breakwater.job.SqsJobQueue;
import io.breakwater.result.ResultStore;
import io.breakwater.result.S3ResultStore;
import io.breakwater.sweep.DeadLetters;
import io.breakwater.sweep.SweepLimits;
import io.breakwater.sweep.Sweeper;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * The composition root of every function: with those of {@link FleetServices} and {@link WorkerServices}, the one place
 * that reads the clock, draws randomness and opens connections. Apart from them, so that a function's archive holds no more
 * than that function needs.
 *
 * <p>{@link SecureRandom} reads the operating system with each draw, so that copies of a process restored from one
 * snapshot do not share their ids.
 */
public final class Services implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Services.class);

    private final Settings settings;
    private final InstantSource clock = InstantSource.system();
    private final RandomGenerator random = new SecureRandom();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final AwsClients aws;
    private final MetricLines lines;
    private final ResultStore results;
    private final JobStore jobs;
    private final JobQueue queue;

    /**
     * Wires a function.
     *
     * @param http what AWS's services are called through; closed with this
     */
    public Services(Settings settings, SdkHttpClient http) {
        this.settings = settings;
        aws = new AwsClients(settings, opened(http));
        lines = settings.inLambda() ? MetricLines.onStandardOutput(clock) : MetricLines.silent();
        results = new S3ResultStore(opened(aws.s3()), opened(aws.s3Presigner()), settings.resultsBucket());
        jobs = new DynamoDbJobStore(opened(aws.jobs()), settings.jobsTable(), results, clock);
        queue = new SqsJobQueue(opened(aws.sqs()), settings.jobQueueUrl());
    }

    /** For a {@link Rehearsal}. */
    public static Services rehearsing(Settings settings) {
        return new Services(settings.rehearsing(), new RehearsalHttp());
    }

    public Sweeper sweeper() {
        return new Sweeper(jobs, queue, SweepLimits.DEFAULTS, clock, random);
    }

    public DeadLetters deadLetters() {
        return new DeadLetters(jobs, queue, results, clock);
    }

    public RecoveryMetrics recoveryMetrics() {
        return new RecoveryMetrics(lines);
    }

    public JobStore jobs() {
        return jobs;
    }

    public JobQueue queue() {
        return queue;
    }

    public ResultStore results() {
        return results;
    }

    public InstantSource clock() {
        return clock;
    }

    /** An id that nothing else has. */
    public String newId() {
        return JobIds.random(random);
    }

    Settings settings() {
        return settings;
    }

    AwsClients aws() {
        return aws;
    }

    RandomGenerator random() {
        return random;
    }

    MetricLines lines() {
        return lines;
    }

    /** Closes every connection. */
    @Override
    public void close() {
        for (AutoCloseable resource : open.reversed()) {
            try {
                resource.close();
            } catch (Exception e) {
                LOG.warn("{} did not close", resource, e);
            }
        }
    }

    <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }
}
