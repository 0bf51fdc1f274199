package io.breakwater.infra;

import io.breakwater.topology.FunctionSpec;
import io.breakwater.topology.Topology;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.CfnFunction;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.EventSourceMapping;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.LayerVersion;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.SnapStartConf;
import software.amazon.awscdk.services.lambda.Tracing;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/**
 * A function of the topology, with a role and a log group of its own. What calls it calls the alias {@code live}: only a
 * published version starts from a snapshot.
 */
final class PipelineFunction extends Construct {
    private static final String ALIAS = "live";

    private final FunctionSpec spec;
    private final Role role;
    private final Function function;
    private final Alias alias;

    PipelineFunction(Construct scope, FunctionSpec spec, Surroundings surroundings, List<PolicyStatement> permissions) {
        super(scope, id(spec));
        this.spec = spec;
        Deployment deployment = surroundings.deployment();
        LogGroup logs = LogGroup.Builder.create(this, "Logs")
                .logGroupName("/aws/lambda/" + spec.deployedName())
                .retention(deployment.logRetention())
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
        role = Role.Builder.create(this, "Role")
                .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
                .build();
        role.addToPolicy(Permissions.allow(logs.getLogGroupArn(), "logs:CreateLogStream", "logs:PutLogEvents"));
        permissions.forEach(role::addToPolicy);
        function = Function.Builder.create(this, "Function")
                .functionName(spec.deployedName())
                .runtime(Runtime.JAVA_25)
                .architecture(Architecture.ARM_64)
                .code(Code.fromAsset(surroundings.archives().of(spec).toString()))
                .handler(spec.handler())
                .timeout(Span.of(spec.timeout()))
                .memorySize(spec.memoryMegabytes())
                .environment(surroundings.environment())
                .layers(surroundings.layers())
                .role(role)
                .logGroup(logs)
                .tracing(deployment.tracing() ? Tracing.ACTIVE : Tracing.DISABLED)
                .snapStart(SnapStartConf.ON_PUBLISHED_VERSIONS)
                .build();
        // "SnapStart only supports published Lambda versions": the alias below is of one.
        Annotations.of(function).acknowledgeWarning("@aws-cdk/aws-lambda:snapStartRequirePublish");
        Departures.fromExactResources(role, "\\*", "X-Ray's write actions know no resources.");
        Departures.fromExactResources(
                role,
                "<ResultsBucket\\w+\\.Arn>\\/(results|prompts|poison)\\/\\*",
                "Objects are named by the ids of jobs and claims; the prefix is what the function is for.");
        alias = Alias.Builder.create(this, "Live")
                .aliasName(ALIAS)
                .version(function.getCurrentVersion())
                .build();
    }

    /** {@code dead-letter} as {@code DeadLetter}. */
    private static String id(FunctionSpec spec) {
        StringBuilder id = new StringBuilder();
        for (String word : spec.name().split("-", -1)) {
            id.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return id.toString();
    }

    /** Brings it the queue's messages by batches, of which it names those to be delivered again. */
    void consume(Queue queue, int concurrency) {
        role.addToPolicy(Permissions.receive(queue));
        // A job that is deferred comes back to the function that sent it, as often as its deadline allows. Lambda would
        // take that for a loop, and stop it after some sixteen times.
        if (function.getNode().getDefaultChild() instanceof CfnFunction settings) {
            settings.setRecursiveLoop("Allow");
        }
        EventSourceMapping.Builder.create(this, "Messages")
                .target(alias)
                .eventSourceArn(queue.getQueueArn())
                .batchSize(Topology.BATCH_SIZE)
                .maxBatchingWindow(Span.of(Topology.BATCH_WINDOW))
                .maxConcurrency(concurrency)
                .reportBatchItemFailures(true)
                .build();
    }

    FunctionSpec spec() {
        return spec;
    }

    Function function() {
        return function;
    }

    Alias alias() {
        return alias;
    }

    /**
     * What the functions have in common.
     *
     * @param layers what lies beside their archives
     */
    record Surroundings(
            Deployment deployment, Archives archives, Map<String, String> environment, List<LayerVersion> layers) {}
}
