package io.breakwater.infra;

import io.breakwater.config.Configuration;
import io.breakwater.job.JobStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.services.logs.RetentionDays;

/**
 * What the user chooses of a deployment, by CDK's context.
 *
 * @param home account and region, when they are not to be those of the credentials
 * @param config how a function is told its configuration: the name of a preset, or the path at which it finds the file
 * @param configFile the user's own configuration file, to be shipped
 * @param modelArns of models to be called that the configuration does not tell
 * @param alarmEmail who is told of alarms
 * @param workers how many batches of jobs are worked on at once
 * @param requestsPerSecond how many requests the API takes; twice as many at once
 * @param retention how long answers and large prompts are kept
 * @param tracing whether invocations are traced by X-Ray
 */
public record Deployment(
        Optional<Home> home,
        String config,
        Optional<Path> configFile,
        Configuration configuration,
        List<String> modelArns,
        Access access,
        Optional<String> alarmEmail,
        int workers,
        int requestsPerSecond,
        Duration retention,
        RetentionDays logRetention,
        Lifetime lifetime,
        boolean tracing) {

    /** An account's region. */
    public record Home(String account, String region) {}

    /** As long as an answer's job is kept: from its submission to its latest deadline, a week, and after that. */
    static final Duration SHORTEST_RETENTION = JobStore.KEPT_AFTER_DEADLINE.plusDays(7);

    /** What is deployed when nothing is chosen. */
    public static Deployment defaults() {
        return DeploymentReader.read(Map.of());
    }
}
