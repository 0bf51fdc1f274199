package io.breakwater.local.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.topology.Topology;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class AwsEnginesIT {
    @TempDir
    Path directory;

    @Test
    void stateSurvivesARestartWithTheSameDirectory() {
        // Given
        try (var engines = AwsEngines.start(Optional.of(directory));
                var clients = new AwsClients(engines)) {
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
                var clients = new AwsClients(engines)) {
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
