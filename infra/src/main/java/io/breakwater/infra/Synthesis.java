package io.breakwater.infra;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.cxapi.CloudAssembly;

/** Makes the CloudFormation template of a deployment, as {@code cdk synth} does. Needs Node on the {@code PATH}. */
public final class Synthesis {
    /** CDK's behaviour that is newer than its version 2.0 and must be asked for, as far as this stack can tell. */
    private static final Map<String, Object> FEATURES = Map.of(
            "@aws-cdk/aws-iam:minimizePolicies", true,
            "@aws-cdk/aws-lambda:recognizeLayerVersion", true,
            "@aws-cdk/core:checkSecretUsage", true,
            "@aws-cdk/core:enablePartitionLiterals", true,
            "@aws-cdk/core:target-partitions", new String[] {"aws"});

    private Synthesis() {}

    /**
     * An app without stacks.
     *
     * @param directory where it is to write; where the CLI tells it to when null
     */
    static App app(@Nullable Path directory) {
        return new App(AppProps.builder()
                .outdir(directory == null ? null : directory.toString())
                .analyticsReporting(false)
                .context(FEATURES)
                .build());
    }

    /**
     * Writes the deployment's template and assets.
     *
     * @return the template's file
     */
    public static Path write(Deployment deployment, Path directory) {
        App app = app(directory);
        BreakwaterStack stack = new BreakwaterStack(app, deployment, Archives.ofProject());
        CloudAssembly assembly = app.synth();
        return Path.of(assembly.getStackByName(stack.getStackName()).getTemplateFullPath());
    }
}
