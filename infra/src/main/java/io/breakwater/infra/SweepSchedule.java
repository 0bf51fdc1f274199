package io.breakwater.infra;

import io.breakwater.topology.Topology;
import java.util.List;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.Schedule;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.lambda.EventInvokeConfigOptions;
import software.constructs.Construct;

/** Starts the sweeper. A run that fails is not repeated: the next one does what it left. */
final class SweepSchedule extends Construct {
    SweepSchedule(Construct scope, String id, PipelineFunction sweeper) {
        super(scope, id);
        sweeper.alias()
                .configureAsyncInvoke(EventInvokeConfigOptions.builder()
                        .retryAttempts(0)
                        .maxEventAge(Span.of(Topology.SWEEP_INTERVAL))
                        .build());
        Rule.Builder.create(this, "Rule")
                .description("Starts Breakwater's sweeper")
                .schedule(Schedule.rate(Span.of(Topology.SWEEP_INTERVAL)))
                .targets(List.of(LambdaFunction.Builder.create(sweeper.alias())
                        .retryAttempts(0)
                        .maxEventAge(Span.of(Topology.SWEEP_INTERVAL))
                        .build()))
                .build();
    }
}
