package io.breakwater.breaker;

import io.breakwater.breaker.BreakerListener.Notice;
import io.breakwater.health.RegionRegistry;
import io.breakwater.model.Endpoint;
import io.breakwater.simulation.VirtualTime;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;

/**
 * One worker of a simulated fleet: the real {@link FleetBreaker} and {@link RegionRegistry}, on a clock that is a little
 * wrong, doing one thing after the other. It may die at any request that it makes.
 */
final class SimulatedWorker {
    /** What a dying worker's code is left with. An error, so that nothing on the way takes it for a failing store. */
    static final class Died extends Error {
        private static final long serialVersionUID = 1;

        Died() {
            super("this worker died", null, false, false);
        }
    }

    private final String name;
    private final VirtualTime time;
    private final long skewMillis;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final Set<Endpoint> alone = new HashSet<>();
    private final Parts parts;
    private boolean busy;
    private boolean dead;
    private long frozenUntil;
    private boolean isTelling;
    private long tellingSince;
    private int unanswered;
    int callsOnTheirWay;

    /** What a worker is made of. */
    record Parts(FleetBreaker breaker, RegionRegistry regions) {}

    /** A worker whose clock is off by so much. */
    SimulatedWorker(String name, VirtualTime time, long skewMillis, Function<SimulatedWorker, Parts> parts) {
        this.name = name;
        this.time = time;
        this.skewMillis = skewMillis;
        this.parts = parts.apply(this);
    }

    FleetBreaker breaker() {
        return parts.breaker();
    }

    RegionRegistry regions() {
        return parts.regions();
    }

    InstantSource clock() {
        return () -> time.instant().plusMillis(skewMillis);
    }

    /** Has this done when everything before it is done, if the worker lives then. */
    void submit(Runnable work) {
        waiting.add(work);
        next();
    }

    private void next() {
        if (busy || dead || waiting.isEmpty()) {
            return;
        }
        busy = true;
        Runnable work = waiting.remove();
        time.start(() -> {
            try {
                if (!dead) {
                    work.run();
                }
            } catch (Died e) {
                dead = true;
            }
            busy = false;
            time.after(0, this::next);
        });
    }

    /** Tells the fleet what is due, when everything before is done. */
    void tell() {
        if (!isTelling) {
            isTelling = true;
            tellingSince = time.millis();
            submit(() -> {
                breaker().flushDue();
                isTelling = false;
            });
        }
    }

    /** Whether other work keeps it from telling what it should have told. */
    boolean isBehind() {
        return isTelling && time.millis() - tellingSince > FleetBreaker.TICK.toMillis();
    }

    void die() {
        dead = true;
    }

    boolean isDead() {
        return dead;
    }

    /** As Lambda does between invocations: nothing runs, and no call is on its way. */
    void freeze(long millis) {
        if (callsOnTheirWay == 0) {
            frozenUntil = time.millis() + millis;
        }
    }

    boolean isFrozen() {
        return time.millis() < frozenUntil;
    }

    /** How many of its requests had no answer. */
    int unanswered() {
        return unanswered;
    }

    void wasUnanswered() {
        unanswered++;
    }

    void note(Notice notice) {
        switch (notice) {
            case Notice.StoreLost lost -> alone.add(lost.endpoint());
            case Notice.StoreFound found -> alone.remove(found.endpoint());
            default -> {}
        }
    }

    /** Whether it goes by what it knows itself, because it could not reach the store. */
    boolean isAlone(Endpoint endpoint) {
        return alone.contains(endpoint);
    }

    @Override
    public String toString() {
        return name;
    }
}
