package io.breakwater.admission;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a process that accepts jobs knows of the backlog: one read in a few seconds, however many ask. Thread-safe. */
public final class BacklogWatch {
    static final Duration FRESHNESS = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(BacklogWatch.class);

    private final BacklogLimit limit;
    private final BacklogStore store;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Heard heard = new Heard(Optional.empty(), Instant.MIN, Instant.MIN);

    public BacklogWatch(BacklogLimit limit, BacklogStore store, InstantSource clock) {
        this.limit = limit;
        this.store = store;
        this.clock = clock;
    }

    /** A report, when it was heard and until when it may be gone by. */
    private record Heard(Optional<BacklogReport> report, Instant at, Instant freshUntil) {
        /** A clock that went backwards makes nothing fresh. */
        boolean isFresh(Instant now) {
            return now.isBefore(freshUntil) && !now.isBefore(at);
        }
    }

    Optional<Refusal> refusal() {
        Instant now = clock.instant();
        Heard last = heard.isFresh(now) ? heard : heardAfresh();
        return last.report().flatMap(report -> limit.decide(report, now));
    }

    /** Of many threads that wait for the lock one asks. */
    private Heard heardAfresh() {
        lock.lock();
        try {
            if (!heard.isFresh(clock.instant())) {
                Optional<BacklogReport> report = read();
                Instant now = clock.instant();
                heard = new Heard(report, now, now.plus(FRESHNESS));
            }
            return heard;
        } finally {
            lock.unlock();
        }
    }

    /** While the store is away nothing is known, so nothing is refused. */
    private Optional<BacklogReport> read() {
        try {
            return store.read();
        } catch (RuntimeException e) {
            LOG.warn("how long jobs wait is not known, so none is refused for it: {}", e.toString());
            return Optional.empty();
        }
    }
}
