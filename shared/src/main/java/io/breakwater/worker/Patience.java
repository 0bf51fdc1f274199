package io.breakwater.worker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a step that a store failed, while there is time: half a minute outlasts most of what befalls a store, and
 * giving up costs more. A job whose end is not written is served a second time, when its lease has run out; that lease
 * then looks as if its worker had died. A message that is given up is delivered again after its visibility.
 */
final class Patience {
    static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final int MOST_DOUBLINGS = 4;
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);

    private final InstantSource clock;
    private final RandomGenerator random;
    private final Pause pause;

    Patience(InstantSource clock, RandomGenerator random, Pause pause) {
        this.clock = clock;
        this.random = random;
        this.pause = pause;
    }

    /**
     * The step's answer.
     *
     * @param step does no harm when it is repeated
     * @param end when it is given up at the latest
     * @throws RuntimeException what the step last threw
     */
    <T> T get(Instant end, Supplier<T> step) {
        Instant last = earlier(end, clock.instant().plus(LONGEST));
        for (int failures = 0; ; failures++) {
            try {
                return step.get();
            } catch (RuntimeException e) {
                Duration wait = wait(failures);
                if (clock.instant().plus(wait).isAfter(last) || !passes(wait)) {
                    throw e;
                }
                LOG.warn("tried again after {}", e.toString());
            }
        }
    }

    /** {@link #get} of a step without an answer. */
    void run(Instant end, Runnable step) {
        get(end, () -> {
            step.run();
            return true;
        });
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    /** Between half of what it grows to and all of it, so that a batch does not come back as one. */
    private Duration wait(int failures) {
        Duration grown = FIRST_WAIT.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        return grown.minusMillis(random.nextLong(grown.toMillis() / 2));
    }

    private boolean passes(Duration wait) {
        try {
            pause.of(wait);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
