package io.breakwater.breaker;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A store for one process: one worker alone, tests, simulations. Defines what the others must do. */
public final class InMemoryBreakerStore implements BreakerStore {
    private final Map<String, BreakerState> states = new ConcurrentHashMap<>();
    private final Map<String, List<Transition>> transitions = new ConcurrentHashMap<>();

    @Override
    public BreakerState read(String endpointId) {
        return states.getOrDefault(endpointId, BreakerState.INITIAL);
    }

    @Override
    public synchronized Answer apply(String endpointId, Step step) {
        BreakerState found = read(endpointId);
        Optional<BreakerState> next = step.applyTo(found);
        next.ifPresent(state -> states.put(endpointId, state));
        return new Answer(next.isPresent(), next.orElse(found));
    }

    @Override
    public void remember(String endpointId, Transition transition) {
        transitions
                .computeIfAbsent(endpointId, _ -> new CopyOnWriteArrayList<>())
                .addFirst(transition);
    }

    @Override
    public List<Transition> history(String endpointId, int limit) {
        return transitions.getOrDefault(endpointId, List.of()).stream()
                .limit(limit)
                .toList();
    }
}
