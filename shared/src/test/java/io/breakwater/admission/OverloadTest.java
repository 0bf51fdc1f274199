package io.breakwater.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.TestClock;
import io.breakwater.job.Job;
import io.breakwater.job.JobRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Two hours of a fleet in virtual time: five workers that serve ten jobs in ten seconds each, so five jobs in a second, and
 * three processes that accept jobs, at most a minute of backlog.
 */
class OverloadTest {
    private static final Duration TICK = Duration.ofMillis(500);
    private static final int TICKS = 2 * 60 * 60 * 2;
    private static final int SERVED_PER_SECOND = 5;
    private static final int BATCH = 10;
    private static final int BATCH_TICKS = 20;
    private static final BacklogLimit LIMIT = new BacklogLimit(Duration.ofMinutes(1));
    private static final JobRequest REQUEST = JobRequest.of("hi");

    private final TestClock clock = new TestClock();
    private final CountingStore store = new CountingStore();
    private final Queue<Instant> queue = new ArrayDeque<>();
    private final List<BacklogWatch> watches = IntStream.range(0, 3)
            .mapToObj(_ -> new BacklogWatch(LIMIT, store, clock))
            .toList();
    private final List<BacklogReporter> workers = IntStream.range(0, 5)
            .mapToObj(_ -> new BacklogReporter(LIMIT, store, clock))
            .toList();
    private int submitted;
    private int refused;
    private int served;
    private Duration longestWait = Duration.ZERO;

    @Test
    void underTwiceTheLoadThatItCanBearTheFleetIsBusyAndNobodyWaitsMuchLongerThanTwiceTheLimit() {
        run(2 * SERVED_PER_SECOND);

        assertThat(longestWait).isBetween(Duration.ofMinutes(1), Duration.ofSeconds(150));
        assertThat(served).isGreaterThan(TICKS / 2 * SERVED_PER_SECOND * 9 / 10);
        assertThat(store.writes.size()).isLessThanOrEqualTo(TICKS / 10 * workers.size());
        assertThat(store.reads).isLessThanOrEqualTo(TICKS / 6 * watches.size() + watches.size());
    }

    @Test
    void underALoadThatItCanBearNothingIsRefusedAndNothingTold() {
        run(SERVED_PER_SECOND - 1);

        assertThat(refused).isZero();
        assertThat(store.writes).isEmpty();
    }

    private void run(int perSecond) {
        for (int tick = 0; tick < TICKS; tick++) {
            for (int job = 0; job < perSecond / 2 + (tick % 2) * (perSecond % 2); job++) {
                submit();
            }
            for (int worker = 0; worker < workers.size(); worker++) {
                if ((tick + worker * BATCH_TICKS / workers.size()) % BATCH_TICKS == 0) {
                    takeBatch(workers.get(worker));
                }
                workers.get(worker).tellDue();
            }
            clock.advance(TICK);
        }
    }

    private void submit() {
        if (watches.get(submitted++ % watches.size()).refusal().isPresent()) {
            refused++;
        } else {
            queue.add(clock.instant());
        }
    }

    private void takeBatch(BacklogReporter worker) {
        for (int i = 0; i < BATCH && !queue.isEmpty(); i++) {
            Instant sentAt = queue.remove();
            Duration wait = Duration.between(sentAt, clock.instant());
            longestWait = wait.compareTo(longestWait) > 0 ? wait : longestWait;
            worker.claimed(Job.queued("job", "tenant", REQUEST, sentAt));
            served++;
        }
    }
}
