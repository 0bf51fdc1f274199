package io.breakwater.breaker;

import java.util.List;

/** An in-memory store that counts its calls, and fails, loses answers and takes its time on demand. */
final class UnreliableStore implements BreakerStore {
    private final InMemoryBreakerStore store = new InMemoryBreakerStore();
    volatile boolean down;
    volatile boolean losesAnswers;
    volatile Runnable slow = () -> {};
    volatile int calls;

    @Override
    public Answer read(String endpointId) {
        called();
        return answered(store.read(endpointId));
    }

    @Override
    public Answer apply(String endpointId, Step step) {
        called();
        return answered(store.apply(endpointId, step));
    }

    @Override
    public void remember(String endpointId, Transition transition) {
        called();
        store.remember(endpointId, transition);
    }

    @Override
    public List<Transition> history(String endpointId, int limit) {
        return store.history(endpointId, limit);
    }

    private synchronized void called() {
        calls++;
        slow.run();
        if (down) {
            throw new IllegalStateException("store is down");
        }
    }

    private Answer answered(Answer answer) {
        if (losesAnswers) {
            throw new IllegalStateException("the store's answer got lost");
        }
        return answer;
    }
}
