package io.breakwater.local.engine;

import java.time.Duration;

/** Services that speak AWS's protocols: the embedded engines, or others that are running somewhere. */
@FunctionalInterface
public interface AwsBackend {
    /**
     * Creates what {@link io.breakwater.topology.Topology} describes, apart from whatever others created there.
     *
     * @param jobVisibility the visibility timeout of the job queue
     * @throws IllegalStateException when it cannot, saying why
     */
    AwsStack create(Duration jobVisibility);
}
