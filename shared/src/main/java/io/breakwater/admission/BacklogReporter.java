package io.breakwater.admission;

import io.breakwater.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how long the jobs that a worker takes had waited for it: at most once in {@link #INTERVAL}, and only while that
 * is worth telling or was so last time. Thread-safe.
 *
 * <p>Only a job's first delivery shows how long the queue is, from its creation on: what waits long is sent again. One that was deferred or crashed waited for other reasons.
 * Of those taken in an interval the median counts: a single message that came late by its own misfortune says nothing.
 */
public final class BacklogReporter {
    static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(BacklogReporter.class);

    private final BacklogLimit limit;
    private final BacklogStore store;
    private final InstantSource clock;
    private final List<Duration> waits = new ArrayList<>();
    private Instant firstWaitAt = Instant.MIN;
    private Instant nextReportAt = Instant.MIN;
    private boolean wasWorthTelling;

    public BacklogReporter(BacklogLimit limit, BacklogStore store, InstantSource clock) {
        this.limit = limit;
        this.store = store;
        this.clock = clock;
    }

    /** Takes note of a job that was just claimed. */
    public synchronized void claimed(Job job) {
        if (job.generation() > 0 || job.crashes() > 0) {
            return;
        }
        Instant now = clock.instant();
        forgetWhatIsOld(now);
        if (waits.isEmpty()) {
            firstWaitAt = now;
        }
        waits.add(Duration.between(job.createdAt(), now));
    }

    /** Reports if it is time to. To be called while jobs are worked on, and before an invocation ends. */
    public void tellDue() {
        due().ifPresent(this::write);
    }

    private synchronized Optional<BacklogReport> due() {
        Instant now = clock.instant();
        forgetWhatIsOld(now);
        if (waits.isEmpty() || now.isBefore(nextReportAt)) {
            return Optional.empty();
        }
        Duration waited = waits.stream().sorted().toList().get(waits.size() / 2);
        waits.clear();
        boolean isWorthTelling = limit.isWorthTelling(waited);
        boolean isNews = isWorthTelling || wasWorthTelling;
        wasWorthTelling = isWorthTelling;
        if (!isNews) {
            return Optional.empty();
        }
        nextReportAt = now.plus(INTERVAL);
        return Optional.of(new BacklogReport(waited, now.plus(limit.trust())));
    }

    /** An environment may have been frozen since. */
    private void forgetWhatIsOld(Instant now) {
        if (!waits.isEmpty() && now.isAfter(firstWaitAt.plus(limit.trust()))) {
            waits.clear();
        }
    }

    private void write(BacklogReport report) {
        if (limit.isExceededBy(report.waited())) {
            LOG.info(
                    "jobs waited {} s for a worker, more than {} s: new ones are refused",
                    report.waited().toSeconds(),
                    limit.maximum().toSeconds());
        }
        try {
            store.write(report);
        } catch (RuntimeException e) {
            LOG.warn("could not tell that jobs waited {}: {}", report.waited(), e.toString());
        }
    }
}
