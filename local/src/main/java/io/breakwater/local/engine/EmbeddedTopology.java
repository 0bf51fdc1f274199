package io.breakwater.local.engine;

import io.breakwater.json.Json;
import io.breakwater.topology.TableSpec;
import io.breakwater.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;

/** The tables, queues and bucket of {@link Topology}, created in the embedded engines. */
final class EmbeddedTopology implements AutoCloseable {
    private static final StaticCredentialsProvider CREDENTIALS = StaticCredentialsProvider.create(
            AwsBasicCredentials.create(AwsResources.ACCESS_KEY, AwsResources.SECRET_KEY));
    private static final Region REGION = Region.of(AwsResources.REGION);

    private final SdkHttpClient http = UrlConnectionHttpClient.create();
    private final DynamoDbClient dynamoDb;
    private final SqsClient sqs;
    private final S3Client s3;

    EmbeddedTopology(AwsEngines engines) {
        dynamoDb = DynamoDbClient.builder()
                .endpointOverride(engines.dynamoDb())
                .region(REGION)
                .credentialsProvider(CREDENTIALS)
                .httpClient(http)
                .build();
        sqs = SqsClient.builder()
                .endpointOverride(engines.sqs())
                .region(REGION)
                .credentialsProvider(CREDENTIALS)
                .httpClient(http)
                .build();
        s3 = S3Client.builder()
                .endpointOverride(engines.s3())
                .region(REGION)
                .credentialsProvider(CREDENTIALS)
                .httpClient(http)
                .forcePathStyle(true)
                .build();
    }

    /** All at once: most of the time is spent on loading three SDK clients. */
    void create(Duration jobVisibility) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture.allOf(
                            CompletableFuture.runAsync(this::createTables, threads),
                            CompletableFuture.runAsync(() -> createQueues(jobVisibility), threads),
                            CompletableFuture.runAsync(this::createBucket, threads))
                    .join();
        }
    }

    private void createTables() {
        createTable(Topology.JOBS);
        createTable(Topology.ENDPOINTS);
    }

    private void createTable(TableSpec table) {
        try {
            dynamoDb.createTable(request -> {
                request.tableName(table.name())
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(keyAttributes(table))
                        .keySchema(keys(table.partitionKey(), table.sortKey().stream()));
                if (!table.indexes().isEmpty()) {
                    request.globalSecondaryIndexes(table.indexes().stream()
                            .map(EmbeddedTopology::index)
                            .toList());
                }
            });
        } catch (ResourceInUseException e) {
            return;
        }
        dynamoDb.updateTimeToLive(request -> request.tableName(table.name())
                .timeToLiveSpecification(ttl -> ttl.enabled(true).attributeName(table.ttlAttribute())));
    }

    private static List<AttributeDefinition> keyAttributes(TableSpec table) {
        Stream<String> own = Stream.concat(Stream.of(table.partitionKey()), table.sortKey().stream());
        Stream<String> indexed =
                table.indexes().stream().flatMap(index -> Stream.of(index.partitionKey(), index.sortKey()));
        return Stream.concat(own, indexed)
                .distinct()
                .map(name -> AttributeDefinition.builder()
                        .attributeName(name)
                        .attributeType(ScalarAttributeType.S)
                        .build())
                .toList();
    }

    private static List<KeySchemaElement> keys(String partitionKey, Stream<String> sortKey) {
        return Stream.concat(Stream.of(key(partitionKey, KeyType.HASH)), sortKey.map(name -> key(name, KeyType.RANGE)))
                .toList();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static GlobalSecondaryIndex index(TableSpec.Index index) {
        return GlobalSecondaryIndex.builder()
                .indexName(index.name())
                .keySchema(keys(index.partitionKey(), Stream.of(index.sortKey())))
                .projection(projection -> projection.projectionType(ProjectionType.KEYS_ONLY))
                .build();
    }

    private void createQueues(Duration jobVisibility) {
        String deadLetterUrl = createQueue(
                Topology.DEAD_LETTER_QUEUE,
                Map.of(
                        QueueAttributeName.MESSAGE_RETENTION_PERIOD, seconds(Topology.MESSAGE_RETENTION),
                        QueueAttributeName.VISIBILITY_TIMEOUT, seconds(Topology.DEAD_LETTER_VISIBILITY)));
        String deadLetterArn = sqs.getQueueAttributes(
                        request -> request.queueUrl(deadLetterUrl).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        createQueue(
                Topology.JOB_QUEUE,
                Map.of(
                        QueueAttributeName.MESSAGE_RETENTION_PERIOD, seconds(Topology.MESSAGE_RETENTION),
                        QueueAttributeName.VISIBILITY_TIMEOUT, seconds(jobVisibility),
                        QueueAttributeName.REDRIVE_POLICY,
                                Json.write(Map.of(
                                        "deadLetterTargetArn",
                                        deadLetterArn,
                                        "maxReceiveCount",
                                        Topology.MAX_RECEIVE_COUNT))));
    }

    private String createQueue(String name, Map<QueueAttributeName, String> attributes) {
        try {
            return sqs.createQueue(request -> request.queueName(name).attributes(attributes))
                    .queueUrl();
        } catch (QueueNameExistsException e) {
            // An earlier start gave it other attributes.
            String url = sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
            sqs.setQueueAttributes(request -> request.queueUrl(url).attributes(attributes));
            return url;
        }
    }

    private static String seconds(Duration duration) {
        return Long.toString(duration.toSeconds());
    }

    private void createBucket() {
        boolean exists = s3.listBuckets().buckets().stream()
                .anyMatch(bucket -> bucket.name().equals(Topology.RESULTS_BUCKET));
        if (!exists) {
            s3.createBucket(request -> request.bucket(Topology.RESULTS_BUCKET));
        }
    }

    @Override
    public void close() {
        dynamoDb.close();
        sqs.close();
        s3.close();
        http.close();
    }
}
