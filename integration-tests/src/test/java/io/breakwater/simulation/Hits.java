package io.breakwater.simulation;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** How often each kind of thing happened over all seeds of a simulation: what never happened was not tested. */
public final class Hits {
    private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();

    public Hits(Collection<String> expected) {
        expected.forEach(name -> counts.put(name, new LongAdder()));
    }

    public void hit(String name) {
        counts.computeIfAbsent(name, _ -> new LongAdder()).increment();
    }

    /** What was expected and never happened. */
    public Collection<String> misses() {
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue().sum() == 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** One line for each. */
    @Override
    public String toString() {
        return counts.entrySet().stream()
                .map(entry -> "%,12d  %s".formatted(entry.getValue().sum(), entry.getKey()))
                .collect(Collectors.joining("\n"));
    }
}
