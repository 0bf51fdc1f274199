package io.breakwater.scoreboard;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** Runs what is independent side by side, on every core. */
public final class Lanes implements AutoCloseable {
    private final ExecutorService threads =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());

    /** Begins the work; the supplier waits for what comes of it. */
    public <T> Supplier<T> begin(Callable<T> work) {
        Future<T> future = threads.submit(work);
        return () -> result(future);
    }

    /** Begins a run for each seed. */
    Supplier<List<Figures>> runs(Fleet.Maker maker, int seeds, LongFunction<Plan> plan) {
        List<Supplier<Figures>> runs = LongStream.rangeClosed(1, seeds)
                .mapToObj(seed -> begin(() -> Run.of(maker, plan.apply(seed))))
                .toList();
        return () -> runs.stream().map(Supplier::get).toList();
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a run", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a run failed", e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
