package io.breakwater.local.simulator;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Randomness from one seed, such that the n-th call of a target meets the same luck in every run, however the calls of
 * other targets fall between.
 */
final class Dice {
    private final long seed;
    private final Map<Target, AtomicLong> calls = new ConcurrentHashMap<>();

    Dice(long seed) {
        this.seed = seed;
    }

    /** The randomness of the target's next call. */
    RandomGenerator next(Target target) {
        long call = calls.computeIfAbsent(target, _ -> new AtomicLong()).incrementAndGet();
        long stream = new SplittableRandom(seed ^ target.toString().hashCode()).nextLong();
        return new SplittableRandom(stream + call);
    }
}
