package io.breakwater.simulation.pipeline;

import io.breakwater.breaker.Step;
import io.breakwater.simulation.Hits;
import io.breakwater.simulation.VirtualTime;
import io.breakwater.tenant.SlotStep;
import io.breakwater.topology.Topology;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A process on a clock that is a little wrong, whose requests take a while, in which others get on, and may each be its
 * last. Dead, it does nothing more, however many of its threads are on their way.
 */
final class SimulatedProcess {
    private static final int MOST_MILLIS = 200;
    private static final int LONGEST_STALL_MILLIS = 400_000;
    private static final int LATEST_MILLIS = 90_000;
    private static final int LONGEST_THAW_MILLIS = 60_000;

    private final VirtualTime time;
    private final SplittableRandom random;
    private final Hits hits;
    private final Function<String, Fault> fate;
    private final long skewMillis;
    private Instant killedAt = Instant.MAX;
    private boolean freezes;
    private boolean dead;
    private int faults;

    /**
     * A living process.
     *
     * @param fate what befalls a request of this name; asked once for each
     */
    SimulatedProcess(
            VirtualTime time, SplittableRandom random, Hits hits, Function<String, Fault> fate, long skewMillis) {
        this.time = time;
        this.random = random;
        this.hits = hits;
        this.fate = fate;
        this.skewMillis = skewMillis;
    }

    InstantSource clock() {
        return () -> time.instant().plusMillis(skewMillis);
    }

    /** Kills it when it is still at work then, as Lambda does. */
    void mayRunFor(Duration most) {
        killedAt = time.instant().plus(most);
    }

    /** Kills it when it is still at work then, or freezes it first. */
    void mayRunOrFreezeAfter(Duration most) {
        mayRunFor(most);
        freezes = random.nextInt(4) != 0;
    }

    /** The service as this process reaches it. */
    <T> T reaching(Class<T> type, T service) {
        return reaching(type, service, true);
    }

    /**
     * The same of a service whose requests are made under a lock: they take no time, or another coroutine would wait for
     * the lock and not in {@link VirtualTime}.
     */
    <T> T reachingAtOnce(Class<T> type, T service) {
        return reaching(type, service, false);
    }

    private <T> T reaching(Class<T> type, T service, boolean takesTime) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (_, method, arguments) -> request(
                        type.getSimpleName() + "." + name(method, arguments),
                        takesTime,
                        () -> invoke(method, service, arguments))));
    }

    /** A store that is changed by steps is asked by one method for all of them: the step says what is asked. */
    private static String name(Method method, Object[] arguments) {
        return Arrays.stream(arguments)
                .filter(argument -> argument instanceof Step || argument instanceof SlotStep)
                .map(step -> step.getClass().getSimpleName())
                .findFirst()
                .orElseGet(method::getName);
    }

    private interface Effect {
        @Nullable
        Object happen() throws Throwable;
    }

    private static @Nullable Object invoke(Method method, Object service, Object[] arguments) throws Throwable {
        try {
            return method.invoke(service, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private @Nullable Object request(String name, boolean takesTime, Effect effect) throws Throwable {
        Fault fault = befall(name);
        if (fault == Fault.DEATH_BEFORE) {
            throw die();
        }
        if (takesTime) {
            pause(1 + random.nextInt(MOST_MILLIS));
        }
        if (fault == Fault.LATE) {
            time.after(random.nextInt(LATEST_MILLIS), () -> happenUnheard(effect));
        }
        if (fault == Fault.LOST || fault == Fault.LATE) {
            throw new IllegalStateException("no answer");
        }
        Object answer = effect.happen();
        if (fault == Fault.DEATH_AFTER) {
            throw die();
        }
        if (fault == Fault.ANSWER_LOST) {
            throw new IllegalStateException("no answer");
        }
        if (fault == Fault.STALLED && takesTime) {
            pause(random.nextInt(LONGEST_STALL_MILLIS));
        }
        return answer;
    }

    private static void happenUnheard(Effect effect) {
        try {
            effect.happen();
        } catch (AssertionError e) {
            throw e;
        } catch (Throwable _) {
            // Whoever would hear of it has given up.
        }
    }

    /** What befalls a request that this process makes now. */
    Fault befall(String request) {
        live();
        Fault fault = fate.apply(request);
        if (fault != Fault.NONE) {
            faults++;
            hits.hit(fault.at(request));
        }
        return fault;
    }

    /** Waits, and may be dead when that is over. */
    void pause(long millis) {
        time.pause(millis);
        if (freezes && !dead && time.instant().isAfter(killedAt)) {
            freeze();
        }
        live();
    }

    /**
     * As an environment that outlives its invocation: what was going on there goes on when it is next needed, about when
     * its messages are delivered to another.
     */
    private void freeze() {
        freezes = false;
        time.pause(Topology.JOB_VISIBILITY.minus(Topology.WORKER.timeout()).toMillis()
                + random.nextInt(LONGEST_THAW_MILLIS));
        hits.hit("frozen at the end of its time, and thawed");
        killedAt = time.instant().plusSeconds(10);
    }

    private void live() {
        if (!dead && time.instant().isAfter(killedAt)) {
            hits.hit("killed at the end of its time");
            throw die();
        }
        if (dead) {
            throw new Died();
        }
    }

    Died die() {
        dead = true;
        return new Died();
    }

    boolean isDead() {
        return dead;
    }

    /** Whether it is dead, or would be if it did anything. */
    boolean isOver() {
        return dead || time.instant().isAfter(killedAt);
    }

    /** What has befallen its requests so far. */
    int faults() {
        return faults;
    }

    /** Runs to the end, or to the process's death. */
    static void run(Runnable work) {
        try {
            work.run();
        } catch (Died _) {
            // Nobody is left to do anything about it; that is the point.
        }
    }

    /** What no handler of exceptions sees. */
    static final class Died extends Error {
        private static final long serialVersionUID = 1;

        Died() {
            super("died", null, false, false);
        }
    }
}
