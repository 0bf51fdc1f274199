package io.breakwater.breaker;

import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.model.Endpoint;
import java.util.List;

/** How one worker's region registry is bound to its breaker: as it is shipped, or with a planted bug. */
interface Judging {
    /** All endpoints, every notice, and the breakers as they stand in the store. */
    Judging SHIPPED = new Judging() {};

    /** What the registry knows of the chain. */
    default List<Endpoint> endpoints(List<Endpoint> chain) {
        return chain;
    }

    /** Whether the registry is told of it. */
    default boolean hears(Notice notice) {
        return true;
    }

    /** The store through which the breaker goes. */
    default BreakerStore breakers(BreakerStore store) {
        return store;
    }

    /** What the registry reads the breakers from, given the store through which the breaker goes. */
    default BreakerStore judged(BreakerStore breakers) {
        return breakers;
    }
}
