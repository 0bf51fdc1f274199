package io.breakwater.function;

import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.breaker.BreakerStore;
import io.breakwater.breaker.DynamoDbBreakerStore;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.RedisBreakerStore;
import io.breakwater.config.Configuration;
import io.breakwater.config.ConfigurationReader;
import io.breakwater.health.DynamoDbRegionStore;
import io.breakwater.health.RegionRegistry;
import io.breakwater.health.RegionRule;
import io.breakwater.job.DynamoDbJobStore;
import io.breakwater.job.JobIds;
import io.breakwater.job.JobQueue;
import io.breakwater.job.JobStore;
import io.breakwater.job.SqsJobQueue;
import io.breakwater.model.BedrockClients;
import io.breakwater.model.BedrockModelClient;
import io.breakwater.result.ResultStore;
import io.breakwater.result.S3ResultStore;
import io.breakwater.routing.EndpointDirectory;
import io.breakwater.routing.FleetEndpointDirectory;
import io.breakwater.routing.Router;
import io.breakwater.worker.JobWorker;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The composition root of both functions: the one place that reads the clock, draws randomness and opens connections.
 *
 * <p>{@link SecureRandom} reads the operating system with each draw, so that copies of a process restored from one
 * snapshot do not share their ids.
 */
public final class Services implements AutoCloseable {
    /** More than a batch of jobs uses at once. */
    private static final int AWS_CONNECTIONS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Services.class);

    private final Settings settings;
    private final Configuration configuration;
    private final InstantSource clock = InstantSource.system();
    private final RandomGenerator random = new SecureRandom();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final BreakerStore breakerStore;
    private final BreakerMetrics metrics;
    private final FleetBreaker breaker;
    private final RegionRegistry regions;
    private final ResultStore results;
    private final JobStore jobs;
    private final JobQueue queue;

    private Services(Settings settings, SdkHttpClient http) {
        this.settings = settings;
        configuration = new ConfigurationReader().read(settings.config().orElse(ConfigurationReader.DEFAULT_PRESET));
        AwsClients aws = new AwsClients(settings, opened(http));
        DynamoDbClient endpointsTable = opened(aws.endpoints());
        breakerStore = settings.redis()
                .<BreakerStore>map(address -> opened(RedisBreakerStore.connect(address)))
                .orElseGet(() -> new DynamoDbBreakerStore(endpointsTable, settings.endpointsTable()));
        metrics = settings.inLambda() ? BreakerMetrics.onStandardOutput() : BreakerMetrics.silent();
        breaker = new FleetBreaker(configuration.breaker(), breakerStore, clock, random, this::hear);
        regions = new RegionRegistry(
                configuration.chain().endpoints(),
                new RegionRule(configuration.dailyQuotaScope()),
                breakerStore,
                new DynamoDbRegionStore(endpointsTable, settings.endpointsTable()),
                clock,
                breaker::loseRegion,
                metrics::on);
        results = new S3ResultStore(opened(aws.s3()), opened(aws.s3Presigner()), settings.resultsBucket());
        jobs = new DynamoDbJobStore(opened(aws.jobs()), settings.jobsTable(), results, clock);
        queue = new SqsJobQueue(opened(aws.sqs()), settings.jobQueueUrl());
    }

    private void hear(Notice notice) {
        metrics.on(notice);
        regions.on(notice);
    }

    /** For the request function: the HTTP client with the shortest cold start. */
    public static Services forRequests(Settings settings) {
        return new Services(settings, UrlConnectionHttpClient.create());
    }

    /** For the worker function: pooled connections, at ease on virtual threads. */
    public static Services forWorkers(Settings settings) {
        return new Services(
                settings,
                Apache5HttpClient.builder().maxConnections(AWS_CONNECTIONS).build());
    }

    public JobWorker worker() {
        SdkHttpClient http = opened(BedrockClients.httpClient(Apache5HttpClient.builder()));
        BedrockModelClient models = opened(new BedrockModelClient(
                new BedrockClients(http, settings.bedrockEndpoint(), settings.bedrockUnsigned()), clock));
        Router router = new Router(configuration.chain(), configuration.calls(), breaker, models, clock);
        return new JobWorker(jobs, queue, results, router, clock, random, this::newId);
    }

    public EndpointDirectory endpoints() {
        return new FleetEndpointDirectory(configuration.chain(), breaker, breakerStore, regions, clock);
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

    public Configuration configuration() {
        return configuration;
    }

    public FleetBreaker breaker() {
        return breaker;
    }

    public InstantSource clock() {
        return clock;
    }

    /** An id that nothing else has. */
    public String newId() {
        return JobIds.random(random);
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

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }
}
