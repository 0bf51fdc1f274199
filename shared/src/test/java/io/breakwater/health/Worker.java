package io.breakwater.health;

import io.breakwater.breaker.Admission;
import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.BreakerState;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.Outcome;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A worker's breaker and registry, bound as a process binds them, and calls that go as a test wants. */
final class Worker {
    private static final int PLAINLY_FAILING = 10;

    final List<RegionHealth> transitions = new ArrayList<>();
    final FleetBreaker breaker;
    final RegionRegistry regions;

    Worker(List<Endpoint> endpoints, DailyQuotaScope scope, TestStores stores, InstantSource clock, long seed) {
        breaker = new FleetBreaker(BreakerSettings.DEFAULTS, stores.breakers(), clock, new Random(seed), this::hear);
        regions = new RegionRegistry(
                endpoints,
                new RegionRule(scope),
                stores.breakers(),
                stores.regions(),
                clock,
                breaker::loseRegion,
                transitions::add);
    }

    private void hear(Notice notice) {
        regions.on(notice);
    }

    /** Makes calls to a closed endpoint that fail until it opens. */
    void putOut(Endpoint endpoint, FailureKind kind) {
        for (int call = 0; call < PLAINLY_FAILING; call++) {
            if (breaker.admit(endpoint, Duration.ofSeconds(10)) instanceof Admission.Permit permit) {
                permit.end(new Outcome.Failure(kind, "it failed", null));
            }
        }
    }

    /** Makes a call that succeeds, if the breaker lets it. */
    boolean call(Endpoint endpoint) {
        if (breaker.admit(endpoint, Duration.ofSeconds(10)) instanceof Admission.Permit permit) {
            permit.end(new Outcome.Success());
            return true;
        }
        return false;
    }

    BreakerState state(Endpoint endpoint) {
        return breaker.state(endpoint);
    }
}
