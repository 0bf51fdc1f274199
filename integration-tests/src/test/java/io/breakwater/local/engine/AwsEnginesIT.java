package io.breakwater.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.backend.AwsClients;
import io.breakwater.topology.Topology;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class AwsEnginesIT {
    @TempDir
    Path directory;

    @Test
    void stateSurvivesARestartWithTheSameDirectory() {
        // Given
        try (var engines = AwsEngines.start(Optional.of(directory));
                var clients = new AwsClients(engines.resources())) {
            engines.createTopology();
            clients.dynamoDb()
                    .putItem(request -> request.tableName(Topology.JOBS.name())
                            .item(Map.of("id", AttributeValue.fromS("job-1"), "note", AttributeValue.fromS("kept"))));
            clients.sqs()
                    .sendMessage(request -> request.queueUrl(
                                    engines.queueUrl(Topology.JOB_QUEUE).toString())
                            .messageBody("waiting"));
            clients.s3()
                    .putObject(
                            request -> request.bucket(Topology.RESULTS_BUCKET).key("results/job-1/claim-1"),
                            RequestBody.fromString("answer ✓"));
        }

        // When
        try (var engines = AwsEngines.start(Optional.of(directory));
                var clients = new AwsClients(engines.resources())) {
            engines.createTopology();

            // Then
            assertThat(clients.dynamoDb()
                            .getItem(request -> request.tableName(Topology.JOBS.name())
                                    .key(Map.of("id", AttributeValue.fromS("job-1"))))
                            .item())
                    .containsEntry("note", AttributeValue.fromS("kept"));
            assertThat(clients.sqs()
                            .receiveMessage(request -> request.queueUrl(
                                    engines.queueUrl(Topology.JOB_QUEUE).toString()))
                            .messages())
                    .singleElement()
                    .satisfies(message -> assertThat(message.body()).isEqualTo("waiting"));
            assertThat(clients.s3()
                            .getObjectAsBytes(request ->
                                    request.bucket(Topology.RESULTS_BUCKET).key("results/job-1/claim-1"))
                            .asUtf8String())
                    .isEqualTo("answer ✓");
        }
    }

    @Test
    void theTopologyIsCreatedOnceHoweverOftenItIsAskedFor() {
        // Given
        try (var engines = AwsEngines.start(Optional.empty());
                var clients = new AwsClients(engines.resources())) {

            // When
            engines.createTopology();
            engines.createTopology();

            // Then
            assertThat(clients.dynamoDb().listTables().tableNames())
                    .containsExactlyInAnyOrder(Topology.JOBS.name(), Topology.ENDPOINTS.name());
            assertThat(clients.sqs().listQueues().queueUrls())
                    .containsExactlyInAnyOrder(
                            engines.queueUrl(Topology.JOB_QUEUE).toString(),
                            engines.queueUrl(Topology.DEAD_LETTER_QUEUE).toString());
            assertThat(clients.s3().listBuckets().buckets())
                    .extracting(Bucket::name)
                    .containsExactly(Topology.RESULTS_BUCKET);
        }
    }

    @Test
    void aJobQueueOfAnEarlierStartTakesTheVisibilityOfThisOne() {
        // Given
        try (var engines = AwsEngines.start(Optional.empty());
                var clients = new AwsClients(engines.resources())) {
            engines.createTopology();

            // When
            engines.createTopology(Duration.ofSeconds(90));

            // Then
            assertThat(clients.sqs()
                            .getQueueAttributes(request -> request.queueUrl(
                                            engines.queueUrl(Topology.JOB_QUEUE).toString())
                                    .attributeNames(QueueAttributeName.VISIBILITY_TIMEOUT))
                            .attributes())
                    .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "90");
        }
    }

    @Test
    void otherCredentialsAndRegionsSeeTheSameTables() {
        // Given
        try (var engines = AwsEngines.start(Optional.empty())) {
            engines.createTopology();

            // When
            try (DynamoDbClient stranger = DynamoDbClient.builder()
                    .endpointOverride(engines.dynamoDb())
                    .region(Region.EU_WEST_1)
                    .credentialsProvider(
                            StaticCredentialsProvider.create(AwsBasicCredentials.create("stranger", "secret")))
                    .httpClient(UrlConnectionHttpClient.create())
                    .build()) {

                // Then
                assertThat(stranger.listTables().tableNames()).contains(Topology.JOBS.name());
            }
        }
    }

    @Test
    void withoutADirectoryNoObjectOutlivesTheEngines() throws IOException {
        // Given
        String bucket = "bucket-" + UUID.randomUUID();

        // When
        try (var engines = AwsEngines.start(Optional.empty());
                var clients = new AwsClients(engines.resources())) {
            clients.s3().createBucket(request -> request.bucket(bucket));
            assertThat(inTemporaryDirectories(bucket)).hasSize(1);
        }

        // Then
        assertThat(inTemporaryDirectories(bucket)).isEmpty();
    }

    /** What has this name in a temporary directory of S3Mock; other processes have theirs beside it. */
    private static List<Path> inTemporaryDirectories(String name) throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(temporary, "{breakwater-s3,s3mock}*")) {
            for (Path each : directories) {
                Optional.of(each.resolve(name)).filter(Files::exists).ifPresent(found::add);
            }
        }
        return found;
    }

    @Test
    void aDirectoryInUseIsOneClearError() {
        // Given
        try (var holder = DataDirectory.open(directory)) {
            assertThat(holder).isNotNull();

            // When, then
            assertThatThrownBy(() -> AwsEngines.start(Optional.of(directory)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("in use");
        }
    }
}
