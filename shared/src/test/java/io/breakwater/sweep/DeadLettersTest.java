package io.breakwater.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.breakwater.job.InMemoryJobQueue;
import io.breakwater.job.InMemoryJobQueue.Sent;
import io.breakwater.job.InMemoryJobStore;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobRequest.WhenUnavailable;
import io.breakwater.job.JobStatus;
import io.breakwater.result.InMemoryResultStore;
import io.breakwater.sweep.DeadLetters.Fate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadLettersTest {
    private static final Duration LEASE = Duration.ofMinutes(5);

    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private final InMemoryJobStore jobs = new InMemoryJobStore(() -> now);
    private final InMemoryJobQueue queue = new InMemoryJobQueue(() -> now);
    private final InMemoryResultStore objects = new InMemoryResultStore();
    private final DeadLetters deadLetters = new DeadLetters(jobs, queue, objects, () -> now);

    DeadLettersTest() {
        JobRequest request =
                new JobRequest(List.of(), null, null, null, List.of(), true, WhenUnavailable.QUEUE, 21_600, Map.of());
        jobs.create(Job.queued("job", "tenant", request, now), request);
    }

    @Test
    void aJobThatWaitsIsSentAgain() {
        assertThat(handle()).isEqualTo(Fate.RESENT);
        assertThat(queue.waiting())
                .extracting(Sent::message, Sent::tenant)
                .containsExactly(tuple(new JobMessage("job", 0), "tenant"));
    }

    @Test
    void aJobOfALaterGenerationIsSentAsThat() {
        claim("claim-1");
        jobs.defer("job", "claim-1", now.plusSeconds(300), List.of(), now);

        assertThat(handle()).isEqualTo(Fate.RESENT);
        assertThat(queue.waiting())
                .containsExactly(new Sent(new JobMessage("job", 1), "tenant", now.plusSeconds(300), 1));
    }

    @Test
    void aJobLeftByADeadWorkerIsSentAsASuspect() {
        claim("claim-1");
        now = now.plus(LEASE);

        assertThat(handle()).isEqualTo(Fate.RESENT);
        assertThat(queue.waiting())
                .extracting(Sent::message, Sent::tenant)
                .containsExactly(tuple(new JobMessage("job", 0, true), "tenant"));
    }

    @Test
    void aJobThatAWorkerHoldsIsLeftToIt() {
        claim("claim-1");

        assertThat(handle()).isEqualTo(Fate.DROPPED);
        assertThat(queue.waiting()).isEmpty();
    }

    @Test
    void aParkedJobIsLeftToTheSweeper() {
        claim("claim-1");
        jobs.defer("job", "claim-1", now.plusSeconds(3600), List.of(), now);

        assertThat(handle()).isEqualTo(Fate.DROPPED);
    }

    @Test
    void aFinalJobIsLeftAsItIs() {
        jobs.cancel("job", "tenant", now);

        assertThat(handle()).isEqualTo(Fate.DROPPED);
        assertThat(job().status()).isEqualTo(JobStatus.CANCELLED);
    }

    @Test
    void aJobWithWhichTooManyWorkersDiedIsFailed() {
        for (int crash = 0; crash <= Job.MAX_CRASHES; crash++) {
            claim("claim-" + crash);
            now = now.plus(LEASE);
        }

        assertThat(handle()).isEqualTo(Fate.ABANDONED);
        assertThat(job().status()).isEqualTo(JobStatus.FAILED);
        assertThat(job().error())
                .isNotNull()
                .satisfies(error -> assertThat(error.code()).isEqualTo("CRASHED"));
    }

    @Test
    void aJobPastItsDeadlineIsExpired() {
        now = job().deadline();

        assertThat(handle()).isEqualTo(Fate.EXPIRED);
        assertThat(job().status()).isEqualTo(JobStatus.EXPIRED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not JSON", "{\"jobId\":5}", "{\"jobId\":\"nobody\",\"generation\":0}", "\u0000 💥"})
    void aMessageThatNamesNoJobIsKeptOnceHoweverOftenItComes(String body) {
        assertThat(deadLetters.handle("message-1", body)).isEqualTo(Fate.KEPT);
        assertThat(deadLetters.handle("message-1", body)).isEqualTo(Fate.KEPT);

        assertThat(objects.objects()).containsOnlyKeys("poison/message-1");
        assertThat(objects.get("poison/message-1")).contains("\"messageId\":\"message-1\"", "\"reason\":\"");
        assertThat(queue.waiting()).isEmpty();
    }

    private Fate handle() {
        return deadLetters.handle("message-1", new JobMessage("job", 0).body());
    }

    private void claim(String claimId) {
        jobs.claim(new JobMessage("job", 0), claimId, now.plus(LEASE), now);
    }

    private Job job() {
        return jobs.find("job").orElseThrow();
    }
}
