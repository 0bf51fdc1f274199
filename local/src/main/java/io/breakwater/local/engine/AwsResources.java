package io.breakwater.local.engine;

import java.net.URI;
import java.util.Map;

/**
 * One pipeline's tables, queues and bucket, and where the services are that hold them.
 *
 * @param jobsTable its name, as that of the other table and of the bucket
 */
public record AwsResources(
        URI dynamoDb,
        URI sqs,
        URI s3,
        String jobsTable,
        String endpointsTable,
        String resultsBucket,
        String jobQueueUrl,
        String deadLetterQueueUrl) {
    /** Where all of it is. */
    public static final String REGION = "us-east-1";

    /** What the SDK signs with: the services take any credentials. */
    static final String ACCESS_KEY = "local";

    static final String SECRET_KEY = "local";

    /** The variables by which a function finds it, and credentials for the SDK to sign with. */
    public Map<String, String> environment() {
        return Map.of(
                "AWS_REGION", REGION,
                "AWS_ACCESS_KEY_ID", ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY", SECRET_KEY,
                "AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.toString(),
                "AWS_ENDPOINT_URL_SQS", sqs.toString(),
                "AWS_ENDPOINT_URL_S3", s3.toString(),
                "JOBS_TABLE", jobsTable,
                "ENDPOINTS_TABLE", endpointsTable,
                "RESULTS_BUCKET", resultsBucket,
                "JOB_QUEUE_URL", jobQueueUrl);
    }
}
