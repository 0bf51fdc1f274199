package io.breakwater.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.local.engine.AwsResources;
import io.breakwater.topology.TableSpec;
import io.breakwater.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Whoever created them, the embedded engines' client or CloudFormation: the resources are as the topology says. */
@OnEveryBackend
class CreatedResourcesIT {
    private final AwsClients clients;
    private final AwsResources resources;

    CreatedResourcesIT(AwsClients clients, AwsResources resources) {
        this.clients = clients;
        this.resources = resources;
    }

    static Stream<TableSpec> tables() {
        return Stream.of(Topology.JOBS, Topology.ENDPOINTS);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void aTableHasItsKeysAndIndexes(TableSpec spec) {
        TableDescription table = clients.dynamoDb()
                .describeTable(describe -> describe.tableName(nameOf(spec)))
                .table();

        assertThat(names(table.keySchema())).isEqualTo(keys(spec.partitionKey(), spec.sortKey()));
        assertThat(table.globalSecondaryIndexes())
                .hasSameSizeAs(spec.indexes())
                .allSatisfy(
                        index -> assertThat(index.projection().projectionType()).isEqualTo(ProjectionType.KEYS_ONLY))
                .extracting(index -> Map.entry(index.indexName(), names(index.keySchema())))
                .containsExactlyInAnyOrderElementsOf(spec.indexes().stream()
                        .map(index -> Map.entry(index.name(), keys(index.partitionKey(), Optional.of(index.sortKey()))))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("tables")
    void aTableForgetsItemsAtTheirTime(TableSpec spec) {
        TimeToLiveDescription ttl = clients.dynamoDb()
                .describeTimeToLive(describe -> describe.tableName(nameOf(spec)))
                .timeToLiveDescription();

        assertThat(ttl.timeToLiveStatus()).isEqualTo(TimeToLiveStatus.ENABLED);
        assertThat(ttl.attributeName()).isEqualTo(spec.ttlAttribute());
    }

    @Test
    void theJobQueueHidesKeepsAndGivesUpMessagesAsItShould() {
        Map<QueueAttributeName, String> queue = attributes(resources.jobQueueUrl());

        assertThat(queue)
                .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, seconds(Topology.JOB_VISIBILITY))
                .satisfies(CreatedResourcesIT::keepsMessagesLong);
        assertThat(queue.get(QueueAttributeName.REDRIVE_POLICY))
                .contains(attributes(resources.deadLetterQueueUrl()).get(QueueAttributeName.QUEUE_ARN))
                .containsPattern("maxReceiveCount\"?: ?\"?" + Topology.MAX_RECEIVE_COUNT + "\\b");
    }

    @Test
    void theDeadLetterQueueHidesAndKeepsMessagesAsItShould() {
        assertThat(attributes(resources.deadLetterQueueUrl()))
                .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, seconds(Topology.DEAD_LETTER_VISIBILITY))
                .satisfies(CreatedResourcesIT::keepsMessagesLong);
    }

    @Test
    void theBucketIsThere() {
        assertThat(clients.s3().listBuckets().buckets())
                .extracting(Bucket::name)
                .contains(resources.resultsBucket());
    }

    private String nameOf(TableSpec spec) {
        return spec.equals(Topology.JOBS) ? resources.jobsTable() : resources.endpointsTable();
    }

    private Map<QueueAttributeName, String> attributes(String url) {
        return clients.sqs()
                .getQueueAttributes(get -> get.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                .attributes();
    }

    /** ElasticMQ keeps messages for ever, and has no such attribute. */
    private static void keepsMessagesLong(Map<QueueAttributeName, String> queue) {
        String expected = seconds(Topology.MESSAGE_RETENTION);
        assertThat(queue.getOrDefault(QueueAttributeName.MESSAGE_RETENTION_PERIOD, expected))
                .isEqualTo(expected);
    }

    /** The partition key comes first. */
    private static List<String> names(List<KeySchemaElement> schema) {
        return schema.stream().map(KeySchemaElement::attributeName).toList();
    }

    private static List<String> keys(String partitionKey, Optional<String> sortKey) {
        return Stream.concat(Stream.of(partitionKey), sortKey.stream()).toList();
    }

    private static String seconds(Duration duration) {
        return Long.toString(duration.toSeconds());
    }
}
