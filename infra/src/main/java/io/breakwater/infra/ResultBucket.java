package io.breakwater.infra;

import io.breakwater.result.ResultStore;
import java.time.Duration;
import java.util.List;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.constructs.Construct;

/** The bucket of answers, of prompts too large for a table, and of poison, which stays until an operator has seen to it. */
final class ResultBucket extends Construct {
    private final Bucket bucket;

    ResultBucket(Construct scope, String id, Duration retention, Lifetime lifetime) {
        super(scope, id);
        bucket = Bucket.Builder.create(this, "Bucket")
                .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
                .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
                .encryption(BucketEncryption.S3_MANAGED)
                .enforceSsl(true)
                .minimumTlsVersion(1.2)
                .lifecycleRules(List.of(
                        expiring(ResultStore.RESULTS, retention),
                        expiring(ResultStore.PROMPTS, retention),
                        LifecycleRule.builder()
                                .id("unfinished uploads")
                                .abortIncompleteMultipartUploadAfter(Span.of(Duration.ofDays(1)))
                                .build()))
                .removalPolicy(lifetime.removal())
                .autoDeleteObjects(lifetime == Lifetime.EPHEMERAL)
                .build();
        Departures.from(
                "AwsSolutions-S1",
                bucket,
                "Server access logs would be a second bucket to keep, delivered at best effort. Who is given a URL is"
                        + " in the API's access log; who needs each read recorded turns on CloudTrail's data events for"
                        + " the bucket.");
    }

    private static LifecycleRule expiring(String prefix, Duration retention) {
        return LifecycleRule.builder()
                .id(prefix)
                .prefix(prefix)
                .expiration(Span.of(retention))
                .build();
    }

    String name() {
        return bucket.getBucketName();
    }

    /** The objects whose key starts so. */
    String objects(String prefix) {
        return bucket.arnForObjects(prefix + "*");
    }
}
