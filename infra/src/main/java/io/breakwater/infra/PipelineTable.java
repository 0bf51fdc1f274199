package io.breakwater.infra;

import io.breakwater.topology.TableSpec;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.GlobalSecondaryIndexProps;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.ProjectionType;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.dynamodb.TableEncryption;
import software.constructs.Construct;

/**
 * A table: on-demand, restorable to any second of the last 35 days, its expired items removed by DynamoDB. Encrypted under
 * a key of DynamoDB's own, which costs nothing per request.
 */
final class PipelineTable extends Construct {
    private final TableSpec spec;
    private final Table table;

    PipelineTable(Construct scope, String id, TableSpec spec, Lifetime lifetime) {
        super(scope, id);
        this.spec = spec;
        Table.Builder builder = Table.Builder.create(this, "Table")
                .partitionKey(text(spec.partitionKey()))
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .timeToLiveAttribute(spec.ttlAttribute())
                .encryption(TableEncryption.DEFAULT)
                .pointInTimeRecoverySpecification(PointInTimeRecoverySpecification.builder()
                        .pointInTimeRecoveryEnabled(true)
                        .build())
                .removalPolicy(lifetime.removal())
                .deletionProtection(lifetime.removal() == RemovalPolicy.RETAIN);
        spec.sortKey().map(PipelineTable::text).ifPresent(builder::sortKey);
        table = builder.build();
        for (TableSpec.Index index : spec.indexes()) {
            table.addGlobalSecondaryIndex(GlobalSecondaryIndexProps.builder()
                    .indexName(index.name())
                    .partitionKey(text(index.partitionKey()))
                    .sortKey(text(index.sortKey()))
                    .projectionType(ProjectionType.KEYS_ONLY)
                    .build());
        }
    }

    String name() {
        return table.getTableName();
    }

    /** For requests by its own key. */
    String arn() {
        return table.getTableArn();
    }

    /** For requests by an index. */
    String arnOf(TableSpec.Index index) {
        if (!spec.indexes().contains(index)) {
            throw new IllegalArgumentException(spec.name() + " has no index " + index.name());
        }
        return table.getTableArn() + "/index/" + index.name();
    }

    private static Attribute text(String name) {
        return Attribute.builder().name(name).type(AttributeType.STRING).build();
    }
}
