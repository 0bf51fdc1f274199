package io.breakwater.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.TestClock;
import io.breakwater.job.InMemoryJobStore;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BacklogReporterTest {
    private static final Duration MAXIMUM = Duration.ofSeconds(60);
    private static final Duration TRUST = Duration.ofSeconds(15);

    private final TestClock clock = new TestClock();
    private final CountingStore store = new CountingStore();
    private final BacklogReporter reporter = new BacklogReporter(new BacklogLimit(MAXIMUM), store, clock);
    private final JobStore jobs = new InMemoryJobStore(clock);
    private int submitted;

    @Test
    void aShortQueueIsNotWorthAWrite() {
        for (int wait = 0; wait <= 15; wait++) {
            claimAfter(wait);
            reporter.tellDue();
            clock.advance(BacklogReporter.INTERVAL);
        }

        assertThat(store.writes).isEmpty();
    }

    @Test
    void tellsHowLongJobsWaitOnceThatIsAQuarterOfTheMaximum() {
        claimAfter(16);
        reporter.tellDue();

        assertThat(store.writes)
                .containsExactly(new BacklogReport(
                        Duration.ofSeconds(16), clock.instant().plus(TRUST)));
    }

    @Test
    void tellsOnceInAnIntervalHoweverManyJobsItTakes() {
        for (int tick = 0; tick < 100; tick++) {
            claimAfter(30);
            reporter.tellDue();
            clock.advance(Duration.ofMillis(500));
        }

        assertThat(store.writes).hasSize(10);
    }

    @Test
    void tellsOnceMoreWhenTheQueueIsShortAgain() {
        claimAfter(90);
        reporter.tellDue();
        for (int tick = 0; tick < 10; tick++) {
            clock.advance(BacklogReporter.INTERVAL);
            claimAfter(1);
            reporter.tellDue();
        }

        assertThat(store.writes)
                .extracting(BacklogReport::waited)
                .containsExactly(Duration.ofSeconds(90), Duration.ofSeconds(1));
    }

    @Test
    void aShortQueueIsToldAsSoonAsTheIntervalIsOver() {
        claimAfter(90);
        reporter.tellDue();
        claimAfter(1);
        reporter.tellDue();
        assertThat(store.writes).hasSize(1);

        clock.advance(BacklogReporter.INTERVAL);
        reporter.tellDue();

        assertThat(store.writes).hasSize(2);
    }

    @Test
    void tellsNothingWhileItTakesNothing() {
        claimAfter(90);
        reporter.tellDue();
        clock.advance(BacklogReporter.INTERVAL);
        reporter.tellDue();

        assertThat(store.writes).hasSize(1);
    }

    @Test
    void oneMessageThatCameLateIsNoBacklog() {
        claimAfter(3600);
        claimAfter(1);
        claimAfter(1);
        reporter.tellDue();

        assertThat(store.writes).isEmpty();
    }

    @Test
    void whatWasDeferredOrCrashedSaysNothingOfTheQueue() {
        Job deferred = submit();
        claim(deferred, 0, "c1");
        jobs.defer(deferred.id(), "c1", clock.instant(), List.of(), clock.instant());
        Job crashed = submit();
        claim(crashed, 0, "c2");
        clock.advance(Duration.ofHours(1));

        reporter.claimed(claim(deferred, 1, "c3"));
        reporter.claimed(claim(crashed, 0, "c4"));
        reporter.tellDue();

        assertThat(store.writes).isEmpty();
    }

    @Test
    void anEnvironmentThatWasFrozenForgetsWhatItHadSeenBefore() {
        claimAfter(90);
        reporter.tellDue();
        claimAfter(90);
        clock.advance(Duration.ofMinutes(10));

        reporter.tellDue();
        assertThat(store.writes).hasSize(1);

        claimAfter(0);
        reporter.tellDue();
        assertThat(store.writes).extracting(BacklogReport::waited).last().isEqualTo(Duration.ZERO);
    }

    @Test
    void aStoreThatIsAwayDisturbsNobody() {
        store.down = true;
        claimAfter(90);
        reporter.tellDue();

        store.down = false;
        clock.advance(BacklogReporter.INTERVAL);
        claimAfter(95);
        reporter.tellDue();

        assertThat(store.read()).map(BacklogReport::waited).contains(Duration.ofSeconds(95));
    }

    private void claimAfter(long seconds) {
        Job job = submit(clock.instant().minusSeconds(seconds));
        reporter.claimed(claim(job, 0, "claim-" + submitted));
    }

    private Job submit() {
        return submit(clock.instant());
    }

    private Job submit(Instant at) {
        JobRequest request = JobRequest.of("hi");
        Job job = Job.queued("job-" + ++submitted, "tenant", request, at);
        jobs.create(job, request);
        return job;
    }

    private Job claim(Job job, int generation, String claimId) {
        Instant leaseUntil = clock.instant().plusSeconds(60);
        return switch (jobs.claim(new JobMessage(job.id(), generation), claimId, leaseUntil, clock.instant())) {
            case JobStore.Claim.Claimed claimed -> claimed.job();
            case JobStore.Claim.Refused refused -> throw new AssertionError(refused);
        };
    }
}
