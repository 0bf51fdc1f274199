package io.breakwater.simulation.pipeline;

import io.breakwater.backend.AwsClients;
import io.breakwater.backend.Backends;
import io.breakwater.job.DynamoDbJobStore;
import io.breakwater.result.InMemoryResultStore;
import io.breakwater.simulation.Hits;
import io.breakwater.topology.Topology;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With a table of its own, because the sweeper looks after every job that it finds in the table. */
class PipelineInDynamoDbIT {
    @Test
    void everyJobEndsOnceWhateverGoesWrong() {
        try (var stack = Backends.chosen().create(Topology.JOB_VISIBILITY);
                var clients = new AwsClients(stack.resources())) {
            new PipelineSimulation(
                            Scenario.MANY_FAULTS,
                            Wiring.SHIPPED,
                            clock -> new DynamoDbJobStore(
                                    clients.dynamoDb(),
                                    stack.resources().jobsTable(),
                                    new InMemoryResultStore(),
                                    clock),
                            "dynamodb",
                            1,
                            new Hits(List.of()))
                    .run();
        }
    }
}
