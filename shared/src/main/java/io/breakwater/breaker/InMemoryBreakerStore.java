package io.breakwater.breaker;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A store for one process: one worker alone, tests, simulations. Defines what the others must do. */
public final class InMemoryBreakerStore implements BreakerStore {
    private final Map<String, BreakerState> states = new ConcurrentHashMap<>();
    private final Map<String, Deque<Transition>> transitions = new ConcurrentHashMap<>();

    @Override
    public Answer read(String endpointId) {
        return Answer.of(true, found(endpointId));
    }

    @Override
    public synchronized Answer apply(String endpointId, Step step) {
        BreakerState found = found(endpointId);
        Optional<BreakerState> next = step.applyTo(found);
        next.ifPresent(state -> states.put(endpointId, state));
        return Answer.of(next.isPresent(), next.orElse(found));
    }

    private BreakerState found(String endpointId) {
        return states.getOrDefault(endpointId, BreakerState.INITIAL);
    }

    @Override
    public synchronized void remember(String endpointId, Transition transition) {
        Deque<Transition> kept = transitions.computeIfAbsent(endpointId, _ -> new ArrayDeque<>());
        kept.addFirst(transition);
        if (kept.size() > HISTORY_KEPT) {
            kept.removeLast();
        }
    }

    @Override
    public synchronized List<Transition> history(String endpointId, int limit) {
        return transitions.getOrDefault(endpointId, new ArrayDeque<>()).stream()
                .sorted(Comparator.comparingLong(Transition::epoch).reversed())
                .limit(limit)
                .toList();
    }
}
