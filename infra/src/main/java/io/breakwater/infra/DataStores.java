package io.breakwater.infra;

import io.breakwater.topology.Topology;
import java.util.Map;
import software.constructs.Construct;

/** Everything that holds state. It refers to nothing that runs, so that it can be created alone. */
final class DataStores {
    private final PipelineTable jobs;
    private final PipelineTable endpoints;
    private final ResultBucket results;
    private final JobQueue queue;

    DataStores(Construct scope, Deployment deployment) {
        jobs = new PipelineTable(scope, "Jobs", Topology.JOBS, deployment.lifetime());
        endpoints = new PipelineTable(scope, "Endpoints", Topology.ENDPOINTS, deployment.lifetime());
        results = new ResultBucket(scope, "Results", deployment.retention(), deployment.lifetime());
        queue = new JobQueue(scope, "Queue", deployment.lifetime());
    }

    PipelineTable jobs() {
        return jobs;
    }

    PipelineTable endpoints() {
        return endpoints;
    }

    ResultBucket results() {
        return results;
    }

    JobQueue queue() {
        return queue;
    }

    /** How a function is told where they are. */
    Map<String, String> environment() {
        return Map.of(
                "JOBS_TABLE", jobs.name(),
                "ENDPOINTS_TABLE", endpoints.name(),
                "RESULTS_BUCKET", results.name(),
                "JOB_QUEUE_URL", queue.jobs().getQueueUrl());
    }
}
