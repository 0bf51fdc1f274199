package io.breakwater.local.simulator;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The faults in force, in the order in which they were set. */
final class Faults {
    private final Map<String, String> aliasByModel;
    private final InstantSource clock;
    private final AtomicReference<List<Fault>> faults = new AtomicReference<>(List.of());

    Faults(Map<String, String> aliasByModel, InstantSource clock) {
        this.aliasByModel = aliasByModel;
        this.clock = clock;
    }

    /** Adds a fault as the last; one of the same scope and kind gives way to it. */
    void set(Fault fault) {
        faults.updateAndGet(before -> Stream.concat(
                        before.stream().filter(other -> !sameSubject(other, fault)), Stream.of(fault))
                .toList());
    }

    void clear() {
        faults.set(List.of());
    }

    List<Fault> active() {
        var now = clock.instant();
        return faults.get().stream().filter(fault -> fault.isActive(now)).toList();
    }

    /** The fault that befalls this call: the last set for its target, if its dice say so. */
    Optional<Fault> strike(Target target, RandomGenerator random) {
        return active().reversed().stream()
                .filter(fault -> fault.scope().covers(target, aliasByModel))
                .findFirst()
                .filter(fault -> random.nextDouble() < fault.probability());
    }

    private static boolean sameSubject(Fault one, Fault other) {
        return one.scope().equals(other.scope()) && one.kind() == other.kind();
    }
}
