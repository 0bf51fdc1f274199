package io.breakwater.function;

import io.breakwater.breaker.RedisAddress;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * What a function is told about its surroundings by environment variables.
 *
 * @param region {@code AWS_REGION}: where the tables, queue and bucket are
 * @param jobsTable {@code JOBS_TABLE}
 * @param endpointsTable {@code ENDPOINTS_TABLE}
 * @param resultsBucket {@code RESULTS_BUCKET}
 * @param jobQueueUrl {@code JOB_QUEUE_URL}
 * @param config {@code BREAKWATER_CONFIG}: path of a configuration file, or the name of a preset; the shipped default
 *     when absent
 * @param dynamoDbEndpoint {@code AWS_ENDPOINT_URL_DYNAMODB}: instead of AWS's own
 * @param sqsEndpoint {@code AWS_ENDPOINT_URL_SQS}
 * @param s3Endpoint {@code AWS_ENDPOINT_URL_S3}; also switches to path-style addresses
 * @param bedrockEndpoint {@code BREAKWATER_BEDROCK_ENDPOINT}: a URL in which <code>{region}</code> stands for the
 *     endpoint's region
 * @param bedrockUnsigned {@code BREAKWATER_BEDROCK_UNSIGNED=true}: the Bedrock endpoint wants no real credentials
 * @param inLambda whether {@code AWS_LAMBDA_FUNCTION_NAME} is set, as Lambda does
 * @param redis {@code BREAKWATER_REDIS_URL}: where breakers are kept, instead of the endpoints table
 */
public record Settings(
        String region,
        String jobsTable,
        String endpointsTable,
        String resultsBucket,
        String jobQueueUrl,
        Optional<String> config,
        Optional<URI> dynamoDbEndpoint,
        Optional<URI> sqsEndpoint,
        Optional<URI> s3Endpoint,
        Optional<String> bedrockEndpoint,
        boolean bedrockUnsigned,
        boolean inLambda,
        Optional<RedisAddress> redis) {

    /**
     * Reads the settings from a process's environment.
     *
     * @throws IllegalArgumentException when a variable is missing or malformed, naming it
     */
    public static Settings fromEnvironment(Map<String, String> environment) {
        return new Settings(
                required(environment, "AWS_REGION"),
                required(environment, "JOBS_TABLE"),
                required(environment, "ENDPOINTS_TABLE"),
                required(environment, "RESULTS_BUCKET"),
                required(environment, "JOB_QUEUE_URL"),
                optional(environment, "BREAKWATER_CONFIG"),
                optionalUri(environment, "AWS_ENDPOINT_URL_DYNAMODB"),
                optionalUri(environment, "AWS_ENDPOINT_URL_SQS"),
                optionalUri(environment, "AWS_ENDPOINT_URL_S3"),
                optional(environment, "BREAKWATER_BEDROCK_ENDPOINT"),
                optional(environment, "BREAKWATER_BEDROCK_UNSIGNED")
                        .map(Boolean::parseBoolean)
                        .orElse(false),
                optional(environment, "AWS_LAMBDA_FUNCTION_NAME").isPresent(),
                optionalRedis(environment, "BREAKWATER_REDIS_URL"));
    }

    /** For who neither counts in CloudWatch nor talks to a Redis. */
    Settings rehearsing() {
        return new Settings(
                region,
                jobsTable,
                endpointsTable,
                resultsBucket,
                jobQueueUrl,
                config,
                dynamoDbEndpoint,
                sqsEndpoint,
                s3Endpoint,
                bedrockEndpoint,
                bedrockUnsigned,
                false,
                Optional.empty());
    }

    private static String required(Map<String, String> environment, String name) {
        return optional(environment, name)
                .orElseThrow(() -> new IllegalArgumentException("environment variable " + name + " is not set"));
    }

    private static Optional<String> optional(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static Optional<URI> optionalUri(Map<String, String> environment, String name) {
        try {
            return optional(environment, name).map(URI::create);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("environment variable " + name + " is not a URL: " + e.getMessage(), e);
        }
    }

    /** The message has no part of the URL, which may hold a password. */
    private static Optional<RedisAddress> optionalRedis(Map<String, String> environment, String name) {
        try {
            return optional(environment, name).map(RedisAddress::parse);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("environment variable " + name + " is " + e.getMessage(), e);
        }
    }
}
