package io.breakwater.local.simulator;

import java.util.List;
import java.util.Map;

/**
 * How a simulator starts.
 *
 * @param port on 127.0.0.1; any free one when 0
 * @param seed of everything that is left to chance
 * @param aliasByModel the short names by which faults and quotas may also name the models
 */
public record SimulatorSettings(
        int port, long seed, Latency latency, List<Quota> quotas, Map<String, String> aliasByModel) {
    public SimulatorSettings {
        quotas = List.copyOf(quotas);
        aliasByModel = Map.copyOf(aliasByModel);
    }

    /** On any free port, without latency, quotas or aliases. */
    public static SimulatorSettings seeded(long seed) {
        return new SimulatorSettings(0, seed, Latency.NONE, List.of(), Map.of());
    }

    public SimulatorSettings withPort(int port) {
        return new SimulatorSettings(port, seed, latency, quotas, aliasByModel);
    }

    public SimulatorSettings withLatency(Latency latency) {
        return new SimulatorSettings(port, seed, latency, quotas, aliasByModel);
    }

    public SimulatorSettings withQuotas(List<Quota> quotas) {
        return new SimulatorSettings(port, seed, latency, quotas, aliasByModel);
    }

    public SimulatorSettings withAliases(Map<String, String> aliasByModel) {
        return new SimulatorSettings(port, seed, latency, quotas, aliasByModel);
    }
}
