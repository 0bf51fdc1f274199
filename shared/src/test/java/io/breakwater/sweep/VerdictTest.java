package io.breakwater.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.job.InMemoryJobStore;
import io.breakwater.job.Job;
import io.breakwater.job.JobError;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobRequest.WhenUnavailable;
import io.breakwater.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant DEADLINE = START.plus(Duration.ofHours(6));

    private Instant now = START;
    private final InMemoryJobStore jobs = new InMemoryJobStore(() -> now);

    VerdictTest() {
        JobRequest request =
                new JobRequest(List.of(), null, null, null, List.of(), true, WhenUnavailable.QUEUE, 6 * 3600, Map.of());
        jobs.create(Job.queued("job", "tenant", request, START), request);
    }

    @Test
    void aJobThatIsNotDueIsLeft() {
        pass(Duration.ofMinutes(15).minusMillis(1));

        assertThat(verdict()).isEqualTo(new Verdict.Leave());
    }

    @Test
    void aQueuedJobIsSentAgainAfterAQuarterOfAnHourAndThenHalfAsOften() {
        pass(Duration.ofMinutes(15));
        assertThat(verdict()).isEqualTo(new Verdict.Resend(1, now.plus(Duration.ofMinutes(30))));

        resend();
        assertThat(verdict()).isEqualTo(new Verdict.Leave());
        pass(Duration.ofMinutes(30));
        assertThat(verdict()).isEqualTo(new Verdict.Resend(2, now.plus(Duration.ofHours(1))));
    }

    @ParameterizedTest
    @CsvSource({"4, 240", "5, 240", "1000, 240"})
    void theTimeThatItIsGivenStopsDoublingAtFourHours(int resends, int minutes) {
        jobs.resend(job(), resends - 1, START, START);
        pass(Duration.ofHours(4));

        assertThat(Verdict.dueAfterSending(job(), resends, START)).isEqualTo(START.plus(Duration.ofMinutes(minutes)));
    }

    @Test
    void aHeldJobIsLookedAtWhenItsLeaseEnds() {
        pass(Duration.ofMinutes(14));
        claim("claim-1");
        pass(Duration.ofMinutes(1));

        assertThat(verdict()).isEqualTo(new Verdict.LookAgain(START.plus(Duration.ofMinutes(19))));
    }

    @Test
    void aJobWhoseLeaseRanOutIsSentAgainAtOnce() {
        claim("claim-1");
        pass(Duration.ofMinutes(15));

        assertThat(verdict()).isEqualTo(new Verdict.Resend(1, now.plus(Duration.ofMinutes(30))));
    }

    @Test
    void aJobWhoseLeaseRanOutAndWasSentAgainIsGivenTime() {
        claim("claim-1");
        pass(Duration.ofMinutes(15));
        resend();
        jobs.lookAgain(job(), now);

        assertThat(verdict()).isEqualTo(new Verdict.LookAgain(now.plus(Duration.ofMinutes(30))));
    }

    @Test
    void aClaimStartsTheDoublingAnew() {
        pass(Duration.ofMinutes(15));
        resend();
        claim("claim-1");
        pass(Duration.ofMinutes(30));

        assertThat(verdict()).isEqualTo(new Verdict.Resend(1, now.plus(Duration.ofMinutes(30))));
    }

    @Test
    void aDeferredJobIsSentAgainAQuarterOfAnHourAfterItsMessageWasDue() {
        claim("claim-1");
        defer("claim-1", Duration.ofMinutes(10));
        pass(Duration.ofMinutes(15));
        assertThat(verdict()).isEqualTo(new Verdict.LookAgain(START.plus(Duration.ofMinutes(25))));

        jobs.lookAgain(job(), START.plus(Duration.ofMinutes(25)));
        pass(Duration.ofMinutes(10));
        assertThat(verdict()).isEqualTo(new Verdict.Resend(1, now.plus(Duration.ofMinutes(30))));
    }

    @Test
    void aParkedJobIsReleasedWhenItsWaitIsOverAndNotBefore() {
        claim("claim-1");
        defer("claim-1", Duration.ofHours(2));
        pass(Duration.ofHours(2).minusMillis(1));
        assertThat(verdict()).isEqualTo(new Verdict.Leave());

        pass(Duration.ofMillis(1));
        assertThat(verdict()).isEqualTo(new Verdict.Release());
    }

    @Test
    void aReleasedJobIsOneThatWasSent() {
        claim("claim-1");
        defer("claim-1", Duration.ofHours(2));
        pass(Duration.ofHours(2));
        jobs.resend(job(), 0, Verdict.dueAfterSending(job(), 0, now), now);
        pass(Duration.ofMinutes(15));

        assertThat(verdict()).isEqualTo(new Verdict.Resend(1, now.plus(Duration.ofMinutes(30))));
    }

    @Test
    void theDeadlineEndsWhatWaits() {
        now = DEADLINE;
        assertThat(verdict()).isEqualTo(new Verdict.Abandon(JobStatus.EXPIRED, JobError.EXPIRED));
    }

    @Test
    void theDeadlineEndsAParkedJobInsteadOfReleasingIt() {
        claim("claim-1");
        defer("claim-1", Duration.ofHours(6));
        now = DEADLINE;

        assertThat(verdict()).isEqualTo(new Verdict.Abandon(JobStatus.EXPIRED, JobError.EXPIRED));
    }

    @Test
    void theDeadlineLeavesAJobToTheWorkerThatHoldsIt() {
        now = DEADLINE.minusSeconds(1);
        claim("claim-1");
        now = DEADLINE;
        assertThat(verdict())
                .isEqualTo(new Verdict.LookAgain(
                        DEADLINE.plus(Duration.ofMinutes(5)).minusSeconds(1)));

        pass(Duration.ofMinutes(5));
        assertThat(verdict()).isEqualTo(new Verdict.Abandon(JobStatus.EXPIRED, JobError.EXPIRED));
    }

    @Test
    void noJobIsNextLookedAtLaterThanItsDeadline() {
        now = DEADLINE.minusSeconds(1);

        assertThat(verdict()).isEqualTo(new Verdict.Resend(1, DEADLINE));
    }

    @Test
    void aJobWithWhichTooManyWorkersDiedIsEnded() {
        for (int crash = 0; crash <= Job.MAX_CRASHES; crash++) {
            assertThat(verdict()).isNotInstanceOf(Verdict.Abandon.class);
            claim("claim-" + crash);
            pass(Duration.ofMinutes(15));
        }

        assertThat(verdict()).isEqualTo(new Verdict.Abandon(JobStatus.FAILED, JobError.crashed(Job.MAX_CRASHES)));
    }

    @Test
    void aFinalJobIsLeft() {
        jobs.cancel("job", "tenant", now);
        now = DEADLINE;

        assertThat(verdict()).isEqualTo(new Verdict.Leave());
        assertThat(Verdict.end(job(), now)).isEmpty();
    }

    private Verdict verdict() {
        return Verdict.of(job(), now);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private void claim(String claimId) {
        jobs.claim(new JobMessage("job", 0), claimId, now.plus(Duration.ofMinutes(5)), now);
    }

    private void defer(String claimId, Duration wait) {
        jobs.defer("job", claimId, now.plus(wait), List.of(), now);
    }

    private void resend() {
        if (verdict() instanceof Verdict.Resend(int resends, Instant dueAt)) {
            assertThat(jobs.resend(job(), resends, dueAt, now)).isTrue();
        } else {
            throw new AssertionError(verdict());
        }
    }

    private Job job() {
        return jobs.find("job").orElseThrow();
    }
}
