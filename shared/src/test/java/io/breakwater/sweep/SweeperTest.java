package io.breakwater.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.breakwater.job.InMemoryJobQueue;
import io.breakwater.job.InMemoryJobQueue.Sent;
import io.breakwater.job.InMemoryJobStore;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobQueue;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobRequest.WhenUnavailable;
import io.breakwater.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SweeperTest {
    private static final Duration TIME = Duration.ofSeconds(50);
    private static final SweepLimits LIMITS = new SweepLimits(100, 10, Duration.ofSeconds(60), Duration.ofMinutes(10));

    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private Duration sendingTakes = Duration.ZERO;
    private boolean queueIsAway;
    private final InMemoryJobStore jobs = new InMemoryJobStore(() -> now);
    private final InMemoryJobQueue queue = new InMemoryJobQueue(() -> now);
    private final JobQueue unreliable = (message, tenant, delay) -> {
        if (queueIsAway) {
            throw new IllegalStateException("the queue is away");
        }
        queue.send(message, tenant, delay);
        now = now.plus(sendingTakes);
    };

    @Test
    void aLostMessageIsSentAgainOnce() {
        submit("job");
        now = now.plus(Duration.ofMinutes(15));

        assertThat(sweep()).isEqualTo(new SweepReport(1, 1, 0, 0, 0, 0, 0));
        assertThat(sweep()).isEqualTo(new SweepReport(0, 0, 0, 0, 0, 0, 0));
        assertThat(queue.waiting())
                .extracting(Sent::message, Sent::tenant)
                .containsExactly(tuple(new JobMessage("job", 0), "tenant"));
    }

    @Test
    void aJobLeftByADeadWorkerIsSentAsASuspect() {
        submit("job");
        claim("job");
        now = now.plus(Duration.ofMinutes(15));

        sweep();

        assertThat(queue.waiting())
                .extracting(Sent::message, Sent::tenant)
                .containsExactly(tuple(new JobMessage("job", 0, true), "tenant"));
    }

    @Test
    void whatCannotBeSentIsSentByALaterRun() {
        submit("job");
        now = now.plus(Duration.ofMinutes(15));
        queueIsAway = true;
        assertThat(sweep().errors()).isEqualTo(1);

        queueIsAway = false;
        now = now.plus(Duration.ofMinutes(30));
        sweep();

        assertThat(queue.waiting()).hasSize(1);
    }

    @Test
    void longWaitsEndScatteredAndNoMoreThanSomeAtATime() {
        IntStream.range(0, 40).forEach(number -> park("job" + number, Duration.ofHours(2)));
        now = now.plus(Duration.ofHours(2));

        assertThat(sweep()).isEqualTo(new SweepReport(40, 0, 10, 30, 0, 0, 0));

        assertThat(queue.waiting())
                .extracting(Sent::visibleAt)
                .allSatisfy(visibleAt -> assertThat(visibleAt).isBetween(now, now.plusSeconds(61)));
        assertThat(queue.waiting()).extracting(Sent::tenant).containsOnly("tenant");
        assertThat(queue.waiting().stream().map(Sent::visibleAt).distinct()).hasSizeGreaterThan(5);
        for (int minute = 0; minute < 11; minute++) {
            now = now.plusSeconds(60);
            assertThat(sweep().released()).isLessThanOrEqualTo(10);
        }
        assertThat(queue.waiting())
                .extracting(sent -> sent.message().jobId())
                .hasSize(40)
                .doesNotHaveDuplicates();
    }

    @Test
    void aJobOfWhichTooManyAreReleasedStillEndsAtItsDeadline() {
        IntStream.range(0, 40).forEach(number -> park("job" + number, Duration.ofHours(6)));
        now = now.plus(Duration.ofHours(6));

        assertThat(sweep()).isEqualTo(new SweepReport(40, 0, 0, 0, 40, 0, 0));
    }

    @Test
    void aRunEndsInTime() {
        IntStream.range(0, 40).forEach(number -> submit("job" + number));
        now = now.plus(Duration.ofMinutes(15));
        sendingTakes = Duration.ofSeconds(10);

        assertThat(sweep().resent()).isEqualTo(5);
    }

    @Test
    void whatIsPastItsDeadlineIsExpired() {
        submit("job");
        now = now.plus(Duration.ofHours(6));

        assertThat(sweep().expired()).isEqualTo(1);
        assertThat(jobs.find("job").orElseThrow().status()).isEqualTo(JobStatus.EXPIRED);
        assertThat(sweep().looked()).isZero();
    }

    @Test
    void twoSweepersAtOnceSendOneMessage() {
        submit("job");
        now = now.plus(Duration.ofMinutes(15));
        Job seen = jobs.find("job").orElseThrow();
        sweep();

        assertThat(jobs.resend(seen, 1, now.plusSeconds(60), now)).isFalse();
    }

    private SweepReport sweep() {
        return new Sweeper(jobs, unreliable, LIMITS, () -> now, new Random(1)).sweepUntil(now.plus(TIME));
    }

    private void submit(String id) {
        JobRequest request =
                new JobRequest(List.of(), null, null, null, List.of(), true, WhenUnavailable.QUEUE, 6 * 3600, Map.of());
        jobs.create(Job.queued(id, "tenant", request, now), request);
    }

    private void claim(String id) {
        jobs.claim(new JobMessage(id, 0), "claim-" + id, now.plus(Duration.ofMinutes(5)), now);
    }

    private void park(String id, Duration wait) {
        submit(id);
        claim(id);
        jobs.defer(id, "claim-" + id, now.plus(wait), List.of(), now);
    }
}
