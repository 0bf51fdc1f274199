package io.breakwater.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.breakwater.breaker.Admission;
import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.breakwater.breaker.Outcome;
import io.breakwater.job.Due;
import io.breakwater.job.InMemoryJobQueue;
import io.breakwater.job.InMemoryJobQueue.Sent;
import io.breakwater.job.InMemoryJobStore;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobQueue;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobRequest.WhenUnavailable;
import io.breakwater.job.JobStatus;
import io.breakwater.job.JobStore;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import io.breakwater.model.Message;
import io.breakwater.model.ModelResult;
import io.breakwater.model.Usage;
import io.breakwater.pacing.Pacer;
import io.breakwater.result.InMemoryResultStore;
import io.breakwater.result.ResultStore;
import io.breakwater.routing.CallSettings;
import io.breakwater.routing.Chain;
import io.breakwater.routing.Router;
import io.breakwater.routing.Tier;
import io.breakwater.tenant.FleetSlotKeeper;
import io.breakwater.tenant.InFlightLimit;
import io.breakwater.tenant.InMemorySlotStore;
import io.breakwater.tenant.SlotKeeper;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
    private static final JobMessage SUSPECT = new JobMessage("job", 0, true);
    private static final ModelResult RETIRED = new ModelResult.Failure(FailureKind.END_OF_LIFE, "it is no more", null);
    private static final ModelResult DOWN = new ModelResult.Failure(FailureKind.SERVER_ERROR, "it is down", null);

    private static final Endpoint EAST = new Endpoint("us-east-1", "m", "m");
    private static final Endpoint WEST = new Endpoint("us-west-2", "m", "m");

    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private Instant now = START;
    private Supplier<ModelResult> model = () -> REPLY;
    private Instant resultsAwayUntil = Instant.MIN;
    private Instant allAwayUntil = Instant.MIN;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger claims = new AtomicInteger();
    private final List<Job> claimed = new ArrayList<>();
    private final InMemoryJobStore jobs = new InMemoryJobStore(() -> now);
    private final InMemoryJobQueue queue = new InMemoryJobQueue(() -> now);
    private final InMemoryResultStore results = new InMemoryResultStore();
    private final SlotKeeper slots =
            new FleetSlotKeeper(new InFlightLimit(1), new InMemorySlotStore(), () -> now, new Random(1), _ -> {});
    private final FleetBreaker breaker =
            new FleetBreaker(BreakerSettings.DEFAULTS, new InMemoryBreakerStore(), () -> now, new Random(1));
    private final JobWorker worker = worker(EAST);

    @Test
    void storesTheAnswerUnderItsClaimAndEndsTheJob() {
        submit(WhenUnavailable.QUEUE);

        deliver(0);

        assertThat(job().status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(results.objects()).containsExactly(Map.entry("results/job/claim-1", "the answer"));
        assertThat(job().attempts()).hasSize(1);
    }

    @Test
    void tellsOfEachJobThatItClaimsOnce() {
        submit(WhenUnavailable.QUEUE);

        deliver(0);
        deliver(0);

        assertThat(claimed).singleElement().satisfies(job -> {
            assertThat(job.id()).isEqualTo("job");
            assertThat(job.status()).isEqualTo(JobStatus.RUNNING);
        });
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
            assertThat(sent.tenant()).isEqualTo("tenant");
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
                .extracting(Sent::message, Sent::tenant)
                .containsExactly(tuple(new JobMessage("job", 1), "tenant"));
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
    void aJobWhoseDeadlinePassesWithinACallThatFailsHasExpired() {
        submit(WhenUnavailable.FAIL, 60);
        model = () -> {
            now = job().deadline();
            return DOWN;
        };

        deliver(0);

        assertThat(job().status()).isEqualTo(JobStatus.EXPIRED);
        assertThat(job().attempts()).hasSize(1);
        assertThat(queue.waiting()).isEmpty();
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
    void aJobThatWouldRatherNotWaitWaitsWhereOnlyTheRetryBudgetKeepsItFromAnEndpoint() {
        submit(WhenUnavailable.FAIL);
        model = () -> DOWN;
        if (breaker.admit(WEST, Duration.ofMinutes(1)) instanceof Admission.Permit permit) {
            permit.end(Outcome.of(DOWN));
        }

        worker(EAST, WEST).work(new JobMessage("job", 0), now.plus(INVOCATION));

        assertThat(calls).hasValue(1);
        assertThat(breaker.state(WEST).name()).isEqualTo("CLOSED");
        assertThat(job().status()).isEqualTo(JobStatus.DEFERRED);
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
        resultsAwayUntil = now.plusSeconds(60);
        deliver(0);
        assertThat(job().status()).isEqualTo(JobStatus.DEFERRED);

        resultsAwayUntil = Instant.MIN;
        deliver(1);

        assertThat(job().status()).isEqualTo(JobStatus.SUCCEEDED);
    }

    @Test
    void storesThatAreAwayForAWhileCostNeitherASecondCallNorTheLease() {
        submit(WhenUnavailable.QUEUE);
        allAwayUntil = now.plusSeconds(20);
        model = () -> {
            allAwayUntil = now.plusSeconds(20);
            return REPLY;
        };

        deliver(0);

        assertThat(calls).hasValue(1);
        assertThat(job().status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(now).isAfter(START.plusSeconds(40)).isBefore(START.plusSeconds(80));
    }

    @Test
    void aMessageIsDeliveredAgainWhenItsJobCannotBeReachedForLonger() {
        submit(WhenUnavailable.QUEUE);
        allAwayUntil = now.plusSeconds(60);

        assertThatThrownBy(() -> deliver(0)).hasMessage("JobStore is away");

        assertThat(now).isBeforeOrEqualTo(START.plus(Patience.LONGEST));
        assertThat(job().status()).isEqualTo(JobStatus.QUEUED);
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
            assertThatThrownBy(() -> deliver(SUSPECT)).isInstanceOf(WorkerDied.class);
            now = now.plus(INVOCATION).plusSeconds(10);
        }

        deliver(SUSPECT);

        assertThat(calls).hasValue(3);
        assertThat(job().status()).isEqualTo(JobStatus.FAILED);
        assertThat(job().error())
                .isNotNull()
                .satisfies(error -> assertThat(error.code()).isEqualTo("CRASHED"));
    }

    @Test
    void aJobFoundToHaveKilledItsWorkerIsPutOffUntilItComesAlone() {
        submit(WhenUnavailable.QUEUE);
        model = () -> {
            throw new WorkerDied();
        };
        assertThatThrownBy(() -> deliver(0)).isInstanceOf(WorkerDied.class);
        now = now.plus(INVOCATION).plusSeconds(10);
        model = () -> REPLY;

        deliver(0);

        assertThat(calls).hasValue(1);
        assertThat(job().status()).isEqualTo(JobStatus.DEFERRED);
        assertThat(queue.receive()).contains(new JobMessage("job", 1, true));
        deliver(new JobMessage("job", 1, true));
        assertThat(job().status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job().crashes()).isEqualTo(1);
    }

    @Test
    void nothingIsSentOfAJobThatWaitsLongerThanAMessageCanBeDelayed() {
        submit(WhenUnavailable.QUEUE);
        model = () -> RETIRED;
        deliver(0);
        now = now.plusSeconds(60);
        assertThat(queue.receive()).contains(new JobMessage("job", 1));

        deliver(1);

        assertThat(job().isParked()).isTrue();
        assertThat(job().notBefore()).isBetween(now.plus(Duration.ofHours(1)), now.plus(Duration.ofMinutes(72)));
        assertThat(job().dueAt()).isEqualTo(job().notBefore());
        deliver(1);
        assertThat(queue.waiting()).isEmpty();
    }

    @Test
    void aJobClaimedAfterALongTimeInTheQueueIsLookedAtSoonAfterItsLease() {
        submit(WhenUnavailable.QUEUE);
        jobs.resend(job(), 4, now.plus(Duration.ofHours(4)), now);
        model = () -> {
            throw new WorkerDied();
        };

        assertThatThrownBy(() -> deliver(0)).isInstanceOf(WorkerDied.class);

        assertThat(job().dueAt()).isEqualTo(Due.latestLook(job())).isBefore(now.plus(Duration.ofMinutes(21)));
    }

    @Test
    void aJobOverItsTenantsLimitIsDeferredUntilItsTurnWithoutACall() {
        submit(WhenUnavailable.FAIL);
        slots.take("tenant", "another", now.plus(INVOCATION), false);

        deliver(0);

        assertThat(calls).hasValue(0);
        assertThat(job().status()).isEqualTo(JobStatus.DEFERRED);
        assertThat(job().attempts()).isEmpty();
        assertThat(job().notBefore()).isEqualTo(now.plusSeconds(2));
        assertThat(queue.waiting())
                .extracting(Sent::message, Sent::tenant)
                .containsExactly(tuple(new JobMessage("job", 1), "tenant"));
        slots.give("tenant", "another");
        deliver(1);
        assertThat(job().status()).isEqualTo(JobStatus.SUCCEEDED);
    }

    @Test
    void aJobGivesItsSlotBackHoweverItEnds() {
        submit(WhenUnavailable.QUEUE);
        model = () -> DOWN;
        deliver(0);
        resultsAwayUntil = now.plusSeconds(60);
        model = () -> REPLY;
        deliver(1);
        resultsAwayUntil = Instant.MIN;
        deliver(2);

        assertThat(job().status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(slots.take("tenant", "another", now.plus(INVOCATION), false)).isEmpty();
    }

    private JobWorker worker(Endpoint... endpoints) {
        return new JobWorker(
                reaching(JobStore.class, jobs),
                reaching(JobQueue.class, queue),
                reaching(ResultStore.class, results),
                new Router(
                        new Chain(List.of(new Tier("primary", List.of(endpoints), 100, false))),
                        CallSettings.DEFAULTS,
                        breaker,
                        Pacer.NONE,
                        (_, _, _) -> {
                            calls.incrementAndGet();
                            return model.get();
                        },
                        () -> now,
                        new Random(1)),
                slots,
                () -> now,
                new Random(1),
                length -> now = now.plus(length),
                () -> "claim-" + claims.incrementAndGet(),
                claimed::add);
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
        deliver(new JobMessage("job", generation));
    }

    private void deliver(JobMessage message) {
        worker.work(message, now.plus(INVOCATION));
    }

    private Job job() {
        return jobs.find("job").orElseThrow();
    }

    /** As the process's death, which no handler of exceptions sees. */
    private static final class WorkerDied extends Error {}

    /** The store as the worker reaches it. */
    private <T> T reaching(Class<T> type, T store) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    Instant awayUntil = type == ResultStore.class && resultsAwayUntil.isAfter(allAwayUntil)
                            ? resultsAwayUntil
                            : allAwayUntil;
                    if (now.isBefore(awayUntil)) {
                        throw new IllegalStateException(type.getSimpleName() + " is away");
                    }
                    return method.invoke(store, arguments);
                }));
    }
}
