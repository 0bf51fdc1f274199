package io.breakwater.local.engine;

/** Resources that are one pipeline's own, until it closes this. */
public interface AwsStack extends AutoCloseable {
    AwsResources resources();

    @Override
    void close();
}
