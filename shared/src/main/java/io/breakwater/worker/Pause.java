package io.breakwater.worker;

import java.time.Duration;

/** Lets time pass. */
@FunctionalInterface
public interface Pause {

    /**
     * Returns after this long.
     *
     * @throws InterruptedException when the thread is interrupted meanwhile
     */
    void of(Duration length) throws InterruptedException;
}
