package io.breakwater.health;

import io.breakwater.breaker.BreakerStore;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.breakwater.breaker.Step;
import io.breakwater.breaker.Transition;
import java.util.List;

/** The two stores of a fleet, as one worker reaches them: {@code beforeEach} runs before each request, and may throw. */
record TestStores(BreakerStore breakers, RegionStore regions) {
    TestStores() {
        this(new InMemoryBreakerStore(), new InMemoryRegionStore());
    }

    TestStores reachedThrough(Runnable beforeEach) {
        return new TestStores(
                new BreakerStore() {
                    @Override
                    public BreakerStore.Answer read(String endpointId) {
                        beforeEach.run();
                        return breakers.read(endpointId);
                    }

                    @Override
                    public BreakerStore.Answer apply(String endpointId, Step step) {
                        beforeEach.run();
                        return breakers.apply(endpointId, step);
                    }

                    @Override
                    public void remember(String endpointId, Transition transition) {
                        beforeEach.run();
                        breakers.remember(endpointId, transition);
                    }

                    @Override
                    public List<Transition> history(String endpointId, int limit) {
                        return breakers.history(endpointId, limit);
                    }
                },
                new RegionStore() {
                    @Override
                    public RegionHealth read(String region) {
                        beforeEach.run();
                        return regions.read(region);
                    }

                    @Override
                    public RegionStore.Answer write(RegionHealth next) {
                        beforeEach.run();
                        return regions.write(next);
                    }
                });
    }
}
