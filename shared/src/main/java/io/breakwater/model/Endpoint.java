package io.breakwater.model;

import java.util.Objects;

/**
 * One place that answers model calls: a Bedrock model or inference profile in one region. The unit that a breaker
 * protects.
 *
 * @param region AWS region, such as {@code us-east-1}
 * @param model Bedrock model id or inference profile id or ARN, as the Converse API takes it
 * @param alias the model's short name in the configuration; stands for {@code model} where a URL path cannot hold its
 *     {@code /} or {@code :}
 */
public record Endpoint(String region, String model, String alias) {
    public Endpoint {
        Objects.requireNonNull(region);
        Objects.requireNonNull(model);
        Objects.requireNonNull(alias);
    }

    /** The endpoint's name in jobs, stores, logs and metrics: {@code us-east-1/anthropic.claude-…}. */
    public String id() {
        return region + "/" + model;
    }

    @Override
    public String toString() {
        return id();
    }
}
