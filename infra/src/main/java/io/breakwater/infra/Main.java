package io.breakwater.infra;

import java.util.Map;
import software.amazon.awscdk.App;

/** The CDK app: what {@code npx cdk} starts, by {@code cdk.json}. */
public final class Main {
    private Main() {}

    public static void main(String... arguments) {
        App app = Synthesis.app(null);
        try {
            new BreakwaterStack(app, DeploymentReader.read(context(app)), Archives.ofProject());
        } catch (IllegalArgumentException | InvalidDeploymentException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        app.synth();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> context(App app) {
        return (Map<String, Object>) app.getNode().getAllContext();
    }
}
