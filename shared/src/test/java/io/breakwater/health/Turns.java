package io.breakwater.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Runs tasks one step at a time, in an order drawn from a seed. A step is what a task does from one {@link #take} to the next. */
final class Turns {
    private final Random random;
    private final List<Thread> waiting = new ArrayList<>();
    private @Nullable Thread granted;
    private int running;

    Turns(long seed) {
        random = new Random(seed);
    }

    /** Waits for this task's turn. */
    synchronized void take() {
        Thread self = Thread.currentThread();
        waiting.add(self);
        notifyAll();
        await(() -> self.equals(granted));
        granted = null;
    }

    /** Returns when all tasks have ended. */
    synchronized void run(List<Runnable> tasks) {
        running = tasks.size();
        tasks.forEach(task -> Thread.ofPlatform().daemon().start(() -> {
            try {
                take();
                task.run();
            } finally {
                end();
            }
        }));
        while (running > 0) {
            await(() -> granted == null && waiting.size() == running);
            if (running > 0) {
                granted = waiting.remove(random.nextInt(waiting.size()));
                notifyAll();
            }
        }
    }

    private synchronized void end() {
        running--;
        notifyAll();
    }

    private synchronized void await(BooleanSupplier condition) {
        try {
            while (!condition.getAsBoolean()) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
