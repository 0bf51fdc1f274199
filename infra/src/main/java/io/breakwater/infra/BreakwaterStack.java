package io.breakwater.infra;

import io.breakwater.infra.ApiRoute.Audience;
import io.breakwater.infra.PipelineFunction.Surroundings;
import io.breakwater.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.lambda.LayerVersion;
import software.constructs.Construct;

/** The whole pipeline, deployed. */
final class BreakwaterStack extends Stack {
    static final String NAME = "Breakwater";

    BreakwaterStack(Construct scope, Deployment deployment, Archives archives) {
        super(scope, NAME, properties(deployment));
        DataStores stores = new DataStores(this, deployment);
        List<LayerVersion> layers = ConfigurationLayer.of(this, "Configuration", deployment.configFile());
        Surroundings surroundings = new Surroundings(deployment, archives, environment(stores, deployment), layers);
        List<String> models =
                ModelAccess.arns(deployment.configuration().chain(), getAccount(), deployment.modelArns());

        PipelineFunction request =
                new PipelineFunction(this, Topology.REQUEST, surroundings, Permissions.request(stores));
        PipelineFunction worker =
                new PipelineFunction(this, Topology.WORKER, surroundings, Permissions.worker(stores, models));
        PipelineFunction sweeper =
                new PipelineFunction(this, Topology.SWEEPER, surroundings, Permissions.sweeper(stores));
        PipelineFunction deadLetter =
                new PipelineFunction(this, Topology.DEAD_LETTER, surroundings, Permissions.deadLetter(stores));
        worker.consume(stores.queue().jobs(), deployment.workers());
        deadLetter.consume(stores.queue().deadLetters(), Topology.DEAD_LETTER_CONCURRENCY);
        new SweepSchedule(this, "Sweep", sweeper);
        JobApi api = new JobApi(this, "Api", request, deployment);

        AlarmTopic topic = new AlarmTopic(this, "AlarmTopic", deployment.alarmEmail());
        Alarms alarms = new Alarms(this, "Alarms", topic);
        alarms.watch(api);
        alarms.watch(deployment.configuration().chain());
        alarms.watch(stores.queue());
        List<PipelineFunction> functions = List.of(request, worker, sweeper, deadLetter);
        functions.forEach(alarms::watch);
        alarms.watchRecovery(sweeper, deadLetter);
        new PipelineDashboard(this, "Dashboard", api, stores.queue(), functions, alarms);

        if (deployment.access() instanceof Access.Iam) {
            output(
                    "CallerPolicyArn",
                    api.policy(Audience.CALLER, "May submit jobs to Breakwater, and ask for them")
                            .getManagedPolicyArn());
            output(
                    "OperatorPolicyArn",
                    api.policy(Audience.OPERATOR, "May see and override Breakwater's endpoints")
                            .getManagedPolicyArn());
        }
        output("ApiUrl", api.url());
        output("JobsTable", stores.jobs().name());
        output("EndpointsTable", stores.endpoints().name());
        output("ResultsBucket", stores.results().name());
        output("JobQueueUrl", stores.queue().jobs().getQueueUrl());
        output("DeadLetterQueueUrl", stores.queue().deadLetters().getQueueUrl());
        output("DeadLetterQueueArn", stores.queue().deadLetters().getQueueArn());
        output("AlarmTopicArn", topic.topic().getTopicArn());
    }

    private static StackProps properties(Deployment deployment) {
        StackProps.Builder properties =
                StackProps.builder().description("Breakwater: an LLM job pipeline behind a circuit breaker");
        deployment
                .home()
                .ifPresent(home -> properties.env(Environment.builder()
                        .account(home.account())
                        .region(home.region())
                        .build()));
        return properties.build();
    }

    private static Map<String, String> environment(DataStores stores, Deployment deployment) {
        Map<String, String> environment = new TreeMap<>(stores.environment());
        environment.put("BREAKWATER_CONFIG", deployment.config());
        return environment;
    }

    private void output(String name, String value) {
        CfnOutput.Builder.create(this, name).value(value).build();
    }
}
