package io.breakwater.scoreboard;

import io.breakwater.breaker.BreakerState;
import io.breakwater.breaker.BreakerStore;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.breakwater.breaker.Step;
import io.breakwater.breaker.Transition;
import java.util.List;

/** The one store of a fleet: counts requests, each of which takes a turn before it is served and before it is answered. */
final class CountingStore implements BreakerStore {
    private final InMemoryBreakerStore store = new InMemoryBreakerStore();
    private final Runnable turn;
    private long reads;
    private long writes;

    CountingStore(Runnable turn) {
        this.turn = turn;
    }

    @Override
    public Answer read(String endpointId) {
        turn.run();
        reads++;
        Answer answer = store.read(endpointId);
        turn.run();
        return answer;
    }

    @Override
    public Answer apply(String endpointId, Step step) {
        turn.run();
        writes++;
        Answer answer = store.apply(endpointId, step);
        turn.run();
        return answer;
    }

    @Override
    public void remember(String endpointId, Transition transition) {
        writes++;
        store.remember(endpointId, transition);
    }

    @Override
    public List<Transition> history(String endpointId, int limit) {
        return store.history(endpointId, limit);
    }

    /** What stands, for who watches: no request. */
    BreakerState look(String endpointId) {
        return store.read(endpointId).state();
    }

    Fleet.StoreCalls calls() {
        return new Fleet.StoreCalls(reads, writes);
    }
}
