package io.breakwater.local.simulator;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How often each target was called, and what became of the calls. Counted when a call arrives. */
final class CallCounts {
    private record Key(Target target, String outcome) {}

    private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();

    /** All counts at one moment. */
    record Snapshot(long calls, List<OfEndpoint> endpoints) {
        /** One target's counts. */
        record OfEndpoint(String region, String model, Map<String, Long> outcomes, long calls) {}
    }

    void countSuccess(Target target) {
        count(target, "SUCCESS");
    }

    void countFailure(Target target, FaultKind kind) {
        count(target, kind.name());
    }

    void reset() {
        counts.clear();
    }

    Snapshot snapshot() {
        Map<Target, Map<String, Long>> outcomes =
                new TreeMap<>(Comparator.comparing(Target::region).thenComparing(Target::model));
        counts.forEach((key, count) ->
                outcomes.computeIfAbsent(key.target(), _ -> new TreeMap<>()).put(key.outcome(), count.sum()));
        List<Snapshot.OfEndpoint> endpoints = outcomes.entrySet().stream()
                .map(entry -> new Snapshot.OfEndpoint(
                        entry.getKey().region(), entry.getKey().model(), entry.getValue(), sum(entry.getValue())))
                .toList();
        return new Snapshot(
                endpoints.stream().mapToLong(Snapshot.OfEndpoint::calls).sum(), endpoints);
    }

    private void count(Target target, String outcome) {
        counts.computeIfAbsent(new Key(target, outcome), _ -> new LongAdder()).increment();
    }

    private static long sum(Map<String, Long> outcomes) {
        return outcomes.values().stream().mapToLong(Long::longValue).sum();
    }
}
