package io.breakwater.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.breakwater.job.InMemoryJobQueue;
import io.breakwater.job.InMemoryJobStore;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobRequest.WhenUnavailable;
import io.breakwater.job.JobStatus;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import io.breakwater.model.Message;
import io.breakwater.model.ModelResult;
import io.breakwater.model.Usage;
import io.breakwater.result.InMemoryResultStore;
import io.breakwater.result.ResultStore;
import io.breakwater.routing.CallSettings;
import io.breakwater.routing.Chain;
import io.breakwater.routing.Router;
import io.breakwater.routing.Tier;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class JobWorkerTest {
    private static final Duration INVOCATION = Duration.ofMinutes(5);
    private static final ModelResult REPLY = new ModelResult.Reply("the answer", new Usage(3, 4), "end_turn");
    private static final ModelResult DOWN = new ModelResult.Failure(FailureKind.SERVER_ERROR, "it is down", null);

    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private Supplier<ModelResult> model = () -> REPLY;
    private boolean resultsFail;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger claims = new AtomicInteger();
    private final InMemoryJobStore jobs = new InMemoryJobStore(() -> now);
    private final InMemoryJobQueue queue = new InMemoryJobQueue(() -> now);
    private final InMemoryResultStore results = new InMemoryResultStore();
    private final JobWorker worker = new JobWorker(
            jobs,
            queue,
            new FailingResults(),
            new Router(
                    new Chain(List.of(new Tier("primary", List.of(new Endpoint("us-east-1", "m", "m")), 100, false))),
                    CallSettings.DEFAULTS,
                    new FleetBreaker(BreakerSettings.DEFAULTS, new InMemoryBreakerStore(), () -> now, new Random(1)),
                    (_, _, _) -> {
                        calls.incrementAndGet();
                        return model.get();
                    },
                    () -> now),
            () -> now,
            new Random(1),
            () -> "claim-" + claims.incrementAndGet());

    @Test
    void storesTheAnswerUnderItsClaimAndEndsTheJob() {
        submit(WhenUnavailable.QUEUE);

        deliver(0);

        assertThat(job().status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(results.objects()).containsExactly(Map.entry("results/job/claim-1", "the answer"));
        assertThat(job().attempts()).hasSize(1);
    }

    @Test
    void aMessageDeliveredTwiceMakesOneCall() {
        submit(WhenUnavailable.QUEUE);

        deliver(0);
        deliver(0);

        assertThat(calls).hasValue(1);
    }

    @Test
    void aMessageDeliveredTwiceAtOnceMakesOneCall() {
        submit(WhenUnavailable.QUEUE);
        model = () -> {
            deliver(0);
            return REPLY;
        };

        deliver(0);

        assertThat(calls).hasValue(1);
        assertThat(job().status()).isEqualTo(JobStatus.SUCCEEDED);
    }

    @Test
    void aMessageThatNamesNoJobIsAnError() {
        assertThatThrownBy(() -> deliver(0))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("there is no job job");
    }

    @Test
    void aJobThatNoEndpointTakesIsDeferredUnderANewMessage() {
        submit(WhenUnavailable.QUEUE);
        model = () -> DOWN;

        deliver(0);

        assertThat(job().status()).isEqualTo(JobStatus.DEFERRED);
        assertThat(job().notBefore()).isBetween(now.plusSeconds(15), now.plusSeconds(18));
        assertThat(queue.waiting()).singleElement().satisfies(sent -> {
            assertThat(sent.message()).isEqualTo(new JobMessage("job", 1));
            assertThat(sent.visibleAt()).isAfterOrEqualTo(job().notBefore());
        });
    }

    @Test
    void aWorkerThatDiedBeforeSendingTheNewMessageIsMadeUpForByTheOldOne() {
        submit(WhenUnavailable.QUEUE);
        model = () -> DOWN;
        deliver(0);
        now = now.plusSeconds(1000);
        queue.receive();

        deliver(0);

        assertThat(queue.waiting())
                .singleElement()
                .satisfies(sent -> assertThat(sent.message()).isEqualTo(new JobMessage("job", 1)));
    }

    @Test
    void waitsLongerWithEachDeferralButNoLongerThanAMessageCanBeDelayed() {
        submit(WhenUnavailable.QUEUE);
        model = () -> DOWN;
        Duration before = Duration.ZERO;
        for (int generation = 0; generation < 10; generation++) {
            deliver(generation);
            Duration wait = Duration.between(now, job().notBefore());
            assertThat(wait).isLessThanOrEqualTo(Duration.ofMinutes(15));
            if (generation > 3) {
                assertThat(wait).isGreaterThanOrEqualTo(before);
            }
            before = wait.multipliedBy(8).dividedBy(10);
            now = now.plusSeconds(1000);
        }
    }

    @Test
    void isNotDeferredPastItsDeadlineAndExpiresThere() {
        submit(WhenUnavailable.QUEUE, 20);
        model = () -> DOWN;
        now = now.plusSeconds(10);
        deliver(0);
        assertThat(job().notBefore()).isEqualTo(job().deadline());

        now = job().deadline();
        deliver(1);

        assertThat(job().status()).isEqualTo(JobStatus.EXPIRED);
        assertThat(calls).hasValue(1);
    }

    @Test
    void failsAJobThatWouldRatherNotWaitWithATimeToRetry() {
        submit(WhenUnavailable.FAIL);
        model = () -> DOWN;

        deliver(0);

        assertThat(job().status()).isEqualTo(JobStatus.FAILED);
        assertThat(job().error()).isNotNull().satisfies(error -> {
            assertThat(error.code()).isEqualTo("UNAVAILABLE");
            assertThat(error.message()).contains("us-east-1/m failed: it is down");
            assertThat(error.retryAfterSeconds()).isEqualTo(15);
        });
    }

    @Test
    void failsAJobThatIsItselfAtFault() {
        submit(WhenUnavailable.QUEUE);
        model = () -> new ModelResult.Failure(FailureKind.CALLER_FAULT, "the input is too long", null);

        deliver(0);

        assertThat(job().status()).isEqualTo(JobStatus.FAILED);
        assertThat(job().error())
                .isNotNull()
                .satisfies(error -> assertThat(error.message()).isEqualTo("the input is too long"));
    }

    @Test
    void givesAJobBackWhenItsResultCannotBeStored() {
        submit(WhenUnavailable.QUEUE);
        resultsFail = true;
        deliver(0);
        assertThat(job().status()).isEqualTo(JobStatus.DEFERRED);

        resultsFail = false;
        deliver(1);

        assertThat(job().status()).isEqualTo(JobStatus.SUCCEEDED);
    }

    @Test
    void givesAJobBackWhenItsWorkIsInterrupted() {
        submit(WhenUnavailable.QUEUE);
        model = () -> {
            Thread.currentThread().interrupt();
            throw new CancellationException("the invocation is over");
        };

        deliver(0);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(job().status()).isEqualTo(JobStatus.DEFERRED);
    }

    @Test
    void aJobCancelledWhileItRunsStaysCancelled() {
        submit(WhenUnavailable.QUEUE);
        model = () -> {
            jobs.cancel("job", "tenant", now);
            return REPLY;
        };

        deliver(0);

        assertThat(job().status()).isEqualTo(JobStatus.CANCELLED);
    }

    @Test
    void aJobThatKilledItsWorkerThreeTimesIsFailedWithoutAFourth() {
        submit(WhenUnavailable.QUEUE);
        model = () -> {
            throw new WorkerDied();
        };
        for (int crash = 0; crash < 3; crash++) {
            assertThatThrownBy(() -> deliver(0)).isInstanceOf(WorkerDied.class);
            now = now.plus(INVOCATION).plusSeconds(10);
        }

        deliver(0);

        assertThat(calls).hasValue(3);
        assertThat(job().status()).isEqualTo(JobStatus.FAILED);
        assertThat(job().error())
                .isNotNull()
                .satisfies(error -> assertThat(error.code()).isEqualTo("CRASHED"));
    }

    private void submit(WhenUnavailable whenUnavailable) {
        submit(whenUnavailable, JobRequest.DEFAULT_DEADLINE_SECONDS);
    }

    private void submit(WhenUnavailable whenUnavailable, long deadlineSeconds) {
        JobRequest request = new JobRequest(
                List.of(new Message(Message.Role.USER, "hi")),
                null,
                null,
                null,
                List.of(),
                true,
                whenUnavailable,
                deadlineSeconds,
                Map.of());
        jobs.create(Job.queued("job", "tenant", request, now), request);
    }

    private void deliver(int generation) {
        worker.work(new JobMessage("job", generation), now.plus(INVOCATION));
    }

    private Job job() {
        return jobs.find("job").orElseThrow();
    }

    /** As the process's death, which no handler of exceptions sees. */
    private static final class WorkerDied extends Error {}

    private final class FailingResults implements ResultStore {
        @Override
        public void put(String key, String text) {
            if (resultsFail) {
                throw new IllegalStateException("the bucket is away");
            }
            results.put(key, text);
        }

        @Override
        public String get(String key) {
            return results.get(key);
        }

        @Override
        public URI presign(String key, Duration validity) {
            return results.presign(key, validity);
        }
    }
}
