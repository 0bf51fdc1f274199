package io.breakwater.backend;

import java.net.URI;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/** LocalStack in one container for all of a JVM's tests; Testcontainers removes it with the JVM. */
final class LocalStack {
    /** The last release that wants no account. */
    private static final DockerImageName IMAGE = DockerImageName.parse("localstack/localstack:4.14.0");

    private LocalStack() {}

    static boolean hasDocker() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    static URI endpoint() {
        return Started.CONTAINER.getEndpoint();
    }

    private static final class Started {
        static final LocalStackContainer CONTAINER = start();

        @SuppressWarnings("resource")
        private static LocalStackContainer start() {
            var container = new LocalStackContainer(IMAGE).withServices("cloudformation", "dynamodb", "s3", "sqs");
            container.start();
            return container;
        }
    }
}
