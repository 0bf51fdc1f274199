package io.breakwater.local.engine;

import io.breakwater.topology.Topology;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * DynamoDB Local, ElasticMQ and S3Mock in this JVM, each on a free port of 127.0.0.1. They accept any credentials and
 * any region, and show everyone the same data. With a directory their state survives a restart; one process at a time
 * may use a directory, and one at a time may be used in a process.
 */
public final class AwsEngines implements AwsStack {
    private static final Logger SQLITE = Logger.getLogger("com.almworks.sqlite4java");

    private final Optional<DataDirectory> data;
    private final Engine dynamoDb;
    private final Engine sqs;
    private final Engine s3;

    private AwsEngines(Optional<DataDirectory> data, Engine dynamoDb, Engine sqs, Engine s3) {
        this.data = data;
        this.dynamoDb = dynamoDb;
        this.sqs = sqs;
        this.s3 = s3;
    }

    /**
     * Starts all three, side by side, and returns when all are ready.
     *
     * @param directory where they keep their state; in memory when empty
     * @throws IllegalStateException when one does not start or the directory is in use, saying which and why
     */
    public static AwsEngines start(Optional<Path> directory) {
        readyLogging();
        Optional<DataDirectory> data = directory.map(DataDirectory::open);
        var dynamoDb = starting("dynamodb", () -> DynamoDbEngine.start(data.map(root -> root.part("dynamodb"))));
        var sqs = starting("sqs", () -> SqsEngine.start(data.map(root -> root.part("sqs"))));
        var s3 = starting("s3", () -> S3Engine.start(data.map(root -> root.part("s3"))));
        try {
            return new AwsEngines(data, dynamoDb.join(), sqs.join(), s3.join());
        } catch (CompletionException e) {
            Stream.of(dynamoDb, sqs, s3)
                    .flatMap(start -> start.handle((engine, failure) -> Stream.ofNullable(engine))
                            .join())
                    .forEach(Engine::close);
            data.ifPresent(DataDirectory::close);
            throw e.getCause() instanceof IllegalStateException cause ? cause : e;
        }
    }

    /**
     * Engines that are started for each pipeline anew, with the topology in them.
     *
     * @param directory where they keep their state; in memory when empty
     */
    public static AwsBackend backend(Optional<Path> directory) {
        return jobVisibility -> {
            AwsEngines engines = start(directory);
            try {
                engines.createTopology(jobVisibility);
                return engines;
            } catch (RuntimeException | Error e) {
                engines.close();
                throw e;
            }
        };
    }

    private static CompletableFuture<Engine> starting(String name, Supplier<Engine> start) {
        Executor ownThread = task -> Thread.ofPlatform().name("start-" + name).start(task);
        return CompletableFuture.supplyAsync(start, ownThread);
    }

    /** Tomcat and DynamoDB Local's SQLite log by java.util.logging; SLF4J complains when several threads use it first. */
    private static void readyLogging() {
        LoggerFactory.getILoggerFactory();
        SQLITE.setLevel(Level.WARNING);
        if (!SLF4JBridgeHandler.isInstalled()) {
            SLF4JBridgeHandler.removeHandlersForRootLogger();
            SLF4JBridgeHandler.install();
        }
    }

    public URI dynamoDb() {
        return dynamoDb.endpoint();
    }

    public URI sqs() {
        return sqs.endpoint();
    }

    public URI s3() {
        return s3.endpoint();
    }

    /** Creates the tables, the queues and the bucket of {@link Topology}, where they are not there yet. */
    public void createTopology() {
        createTopology(Topology.JOB_VISIBILITY);
    }

    /** Does so with another visibility timeout of the job queue. */
    public void createTopology(Duration jobVisibility) {
        try (var topology = new EmbeddedTopology(this)) {
            topology.create(jobVisibility);
        }
    }

    @Override
    public AwsResources resources() {
        return new AwsResources(
                dynamoDb(),
                sqs(),
                s3(),
                Topology.JOBS.name(),
                Topology.ENDPOINTS.name(),
                Topology.RESULTS_BUCKET,
                queueUrl(Topology.JOB_QUEUE).toString(),
                queueUrl(Topology.DEAD_LETTER_QUEUE).toString());
    }

    /** The URL of a queue by its name, as in {@link Topology#DEAD_LETTER_QUEUE}. */
    public URI queueUrl(String queue) {
        return URI.create(sqs() + "/" + SqsEngine.ACCOUNT + "/" + queue);
    }

    @Override
    public void close() {
        try {
            CompletableFuture.allOf(Stream.of(dynamoDb, sqs, s3)
                            .map(engine -> CompletableFuture.runAsync(engine::close))
                            .toArray(CompletableFuture[]::new))
                    .join();
        } finally {
            data.ifPresent(DataDirectory::close);
        }
    }
}
