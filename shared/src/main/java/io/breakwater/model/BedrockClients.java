package io.breakwater.model;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.auth.scheme.NoAuthAuthScheme;
import software.amazon.awssdk.http.auth.spi.scheme.AuthSchemeOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * Makes the SDK's Bedrock client of a region so that one call is one request: the SDK's own retries are off, and no
 * socket timeout undercuts the call's.
 */
public final class BedrockClients implements Function<String, BedrockRuntimeClient> {
    private static final String REGION_PLACEHOLDER = "{region}";

    /** Lambda's longest life; the call's own timeout is always shorter. The SDK's 30 s would cut long answers off. */
    private static final Duration READ_TIMEOUT = Duration.ofMinutes(15);

    /** More than any worker calls at once, so that a call never waits for a connection and blames the endpoint. */
    private static final int MAX_CONNECTIONS = 512;

    private static final AttributeMap HTTP_DEFAULTS = AttributeMap.builder()
            .put(SdkHttpConfigurationOption.READ_TIMEOUT, READ_TIMEOUT)
            .put(SdkHttpConfigurationOption.MAX_CONNECTIONS, MAX_CONNECTIONS)
            .put(SdkHttpConfigurationOption.TCP_KEEPALIVE, true)
            .build();

    private final SdkHttpClient httpClient;
    private final Optional<String> endpointTemplate;
    private final boolean unsigned;

    /**
     * Creates clients that share one HTTP client.
     *
     * @param httpClient from {@link #httpClient}; stays the caller's to close
     * @param endpointTemplate a URL in which <code>{region}</code> stands for the region; AWS's own endpoints when empty
     * @param unsigned whether requests go without credentials
     * @throws IllegalArgumentException when the template makes no http(s) URL
     */
    public BedrockClients(SdkHttpClient httpClient, Optional<String> endpointTemplate, boolean unsigned) {
        this.httpClient = httpClient;
        this.endpointTemplate = endpointTemplate;
        this.unsigned = unsigned;
        endpointTemplate.ifPresent(template -> endpoint(template, "us-east-1"));
    }

    /** Builds an HTTP client fit for model calls; what the builder already says stands. */
    public static SdkHttpClient httpClient(SdkHttpClient.Builder<?> builder) {
        return builder.buildWithDefaults(HTTP_DEFAULTS);
    }

    @Override
    public BedrockRuntimeClient apply(String region) {
        var client = BedrockRuntimeClient.builder()
                .region(Region.of(region))
                .httpClient(httpClient)
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()));
        endpointTemplate.ifPresent(template -> client.endpointOverride(endpoint(template, region)));
        if (unsigned) {
            // Both, because an API key in the environment would otherwise be sent to whoever listens there.
            client.credentialsProvider(AnonymousCredentialsProvider.create())
                    .putAuthScheme(NoAuthAuthScheme.create())
                    .authSchemeProvider(parameters -> List.of(AuthSchemeOption.builder()
                            .schemeId(NoAuthAuthScheme.SCHEME_ID)
                            .build()));
        }
        return client.build();
    }

    private static URI endpoint(String template, String region) {
        try {
            URI endpoint = URI.create(template.replace(REGION_PLACEHOLDER, region));
            if (endpoint.getHost() != null
                    && List.of("http", "https")
                            .contains(Optional.ofNullable(endpoint.getScheme()).orElse(""))) {
                return endpoint;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Bedrock endpoint \"" + template + "\" is not a URL: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("Bedrock endpoint \"" + template
                + "\" is not an http or https URL; write one such as http://127.0.0.1:9000/" + REGION_PLACEHOLDER);
    }
}
