package io.breakwater.job;

import io.breakwater.local.engine.AwsClients;
import io.breakwater.local.engine.SharedEngines;
import io.breakwater.result.InMemoryResultStore;
import io.breakwater.topology.Topology;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedEngines.class)
class JobLifeSimulationIT {
    private final TestClock clock = new TestClock();

    @Test
    void everyJobEndsOnceInMemory() {
        LongStream.range(0, 500).forEach(seed -> simulate(new InMemoryJobStore(clock), "memory", seed));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyJobEndsOnceInDynamoDb(long seed, AwsClients clients) {
        simulate(
                new DynamoDbJobStore(clients.dynamoDb(), Topology.JOBS.name(), new InMemoryResultStore(), clock),
                "dynamodb",
                seed);
    }

    private void simulate(JobStore store, String name, long seed) {
        try {
            new JobLifeSimulation(store, clock, name, seed).run();
        } catch (AssertionError e) {
            throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
        }
    }
}
