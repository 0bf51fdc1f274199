package io.breakwater.backend;

import io.breakwater.local.engine.AwsBackend;
import io.breakwater.local.engine.AwsEngines;
import java.net.URI;
import java.util.Optional;

/**
 * The backend that the tests run on. The system property {@value #ENDPOINT} chooses it: the embedded engines without,
 * LocalStack in a container with {@value #CONTAINER}, and else the services at that URL.
 */
public final class Backends {
    static final String ENDPOINT = "breakwater.aws.endpoint";
    static final String CONTAINER = "localstack";

    private Backends() {}

    /** The chosen one. */
    public static AwsBackend chosen() {
        return switch (choice()) {
            case "" -> AwsEngines.backend(Optional.empty());
            case CONTAINER -> new CloudFormationBackend(LocalStack.endpoint());
            default -> new CloudFormationBackend(url(choice()));
        };
    }

    static URI url(String text) {
        if (!text.matches("https?://[^/]+/?")) {
            throw new IllegalArgumentException(
                    "%s must be the URL of a server, as in http://127.0.0.1:4566, or %s; it is %s"
                            .formatted(ENDPOINT, CONTAINER, text));
        }
        return URI.create(text);
    }

    static boolean areAvailable() {
        return !choice().equals(CONTAINER) || LocalStack.hasDocker();
    }

    private static String choice() {
        return System.getProperty(ENDPOINT, "").strip();
    }
}
