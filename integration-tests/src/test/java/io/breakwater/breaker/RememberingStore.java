package io.breakwater.breaker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A store that remembers its last answer about each endpoint, for a registry that would do without reads of its own. */
record RememberingStore(BreakerStore store, Map<String, Answer> heard) implements BreakerStore {
    RememberingStore(BreakerStore store) {
        this(store, new HashMap<>());
    }

    @Override
    public Answer read(String endpointId) {
        return remembered(endpointId, store.read(endpointId));
    }

    @Override
    public Answer apply(String endpointId, Step step) {
        return remembered(endpointId, store.apply(endpointId, step));
    }

    private Answer remembered(String endpointId, Answer answer) {
        heard.put(endpointId, answer);
        return answer;
    }

    @Override
    public void remember(String endpointId, Transition transition) {
        store.remember(endpointId, transition);
    }

    @Override
    public List<Transition> history(String endpointId, int limit) {
        return store.history(endpointId, limit);
    }

    /** Reads what was heard last. */
    BreakerStore fromMemory() {
        RememberingStore shared = this;
        return new BreakerStore() {
            @Override
            public Answer read(String endpointId) {
                Answer last = heard.get(endpointId);
                return last == null ? shared.read(endpointId) : last;
            }

            @Override
            public Answer apply(String endpointId, Step step) {
                return shared.apply(endpointId, step);
            }

            @Override
            public void remember(String endpointId, Transition transition) {
                shared.remember(endpointId, transition);
            }

            @Override
            public List<Transition> history(String endpointId, int limit) {
                return shared.history(endpointId, limit);
            }
        };
    }
}
