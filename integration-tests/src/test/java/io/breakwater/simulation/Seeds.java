package io.breakwater.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** Runs a simulation on many seeds, several at a time; the first that fails ends it. */
public final class Seeds {
    private static final int AT_ONCE = Math.max(2, Runtime.getRuntime().availableProcessors());

    private Seeds() {}

    /**
     * Runs the simulation on {@code count} seeds from {@code first} on.
     *
     * @throws AssertionError of the first simulation that failed, naming its seed
     */
    public static void run(long first, long count, LongConsumer simulation) {
        AtomicLong next = new AtomicLong(first);
        AtomicBoolean failed = new AtomicBoolean();
        Callable<Void> some = () -> {
            for (long seed = next.getAndIncrement();
                    seed < first + count && !failed.get();
                    seed = next.getAndIncrement()) {
                try {
                    simulation.accept(seed);
                } catch (RuntimeException | AssertionError e) {
                    failed.set(true);
                    throw new AssertionError(
                            "seed " + seed + " (again by -Dsimulation.seed=" + seed + "): " + e.getMessage(), e);
                }
            }
            return null;
        };
        // Virtual threads, like the simulations' own: handing over between those is cheap.
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> ends = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                ends.add(threads.submit(some));
            }
            for (Future<Void> end : ends) {
                end.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof AssertionError failure ? failure : new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
