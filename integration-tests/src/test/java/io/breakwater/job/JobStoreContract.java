package io.breakwater.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.breakwater.job.JobStore.Cancellation;
import io.breakwater.job.JobStore.Claim;
import io.breakwater.job.JobStore.Creation;
import io.breakwater.job.JobStore.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** What a {@link JobStore} promises, whatever it is made of. */
abstract class JobStoreContract {
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final AtomicInteger TESTS = new AtomicInteger();
    private static final JobError ERROR = new JobError("CALLER_FAULT", "the prompt is too long: shorten it", 5L);

    private final TestClock clock = new TestClock();
    private final String name = getClass().getSimpleName() + "-" + TESTS.incrementAndGet();
    private final String id = name + "-job";
    private final String tenant = name + "-tenant";
    private final JobRequest request = Jobs.request("Why is the sea salt?");
    private JobStore store = new InMemoryJobStore(clock);

    /** An empty store, or one in which nobody else uses this test's ids. */
    abstract JobStore open(TestClock clock);

    @BeforeEach
    void open() {
        store = open(clock);
    }

    // Creating.

    @Test
    void aNewJobIsFoundAsItWasCreated() {
        // Given
        Job job = Job.queued(id, tenant, request, now());

        // When
        Creation creation = store.create(job, request);

        // Then
        assertThat(creation).isEqualTo(new Creation.Created());
        assertThat(store.find(id)).contains(job);
    }

    @Test
    void instantsAreKeptToTheMillisecond() {
        // Given
        Instant fine = now().plusNanos(456_789);

        // When
        store.create(Job.queued(id, tenant, request, fine), request);

        // Then
        assertThat(found().createdAt()).isEqualTo(now());
        assertThat(found().deadline()).isEqualTo(now().plus(Jobs.DEADLINE));
    }

    @Test
    void anUnknownJobIsNotFound() {
        assertThat(store.find(id)).isEmpty();
    }

    @Test
    void anIdInUseIsAnsweredWithTheJobThatHasIt() {
        // Given
        Job first = created();
        clock.advance(Duration.ofSeconds(1));

        // When
        Creation second = store.create(Job.queued(id, tenant, request, now()), request);

        // Then
        assertThat(second).isEqualTo(new Creation.Exists(first));
        assertThat(store.find(id)).contains(first);
    }

    @Test
    void anotherBodyUnderAnIdInUseChangesNeitherJobNorPrompt() {
        // Given
        JobRequest first = Jobs.request("a".repeat(10_000));
        JobRequest second = Jobs.request("b".repeat(10_000));
        store.create(Job.queued(id, tenant, first, now()), first);

        // When
        Creation creation = store.create(Job.queued(id, tenant, second, now()), second);

        // Then
        assertThat(creation).isInstanceOf(Creation.Exists.class);
        assertThat(claimed("claim-1").request()).isEqualTo(first);
    }

    @Test
    void aCreateRepeatedBecauseItsAnswerWasLostIsAnsweredAsTheFirst() {
        // Given
        Job job = created();
        claimed("claim-1");

        // When
        Creation repeated = store.create(job, request);

        // Then
        assertThat(repeated).isEqualTo(new Creation.Created());
        assertThat(found().status()).isEqualTo(JobStatus.RUNNING);
    }

    @Test
    void aJobIsGoneSomeTimeAfterItsDeadline() {
        // Given
        created();
        clock.advance(Jobs.DEADLINE.plus(JobStore.KEPT_AFTER_DEADLINE));

        // When, then
        assertThat(store.find(id)).isEmpty();
        assertThat(store.list(tenant, null, 10, null).jobs()).isEmpty();
        assertThat(store.cancel(id, tenant, now())).isEqualTo(new Cancellation.NotFound());
        assertThat(created().createdAt()).isEqualTo(now());
    }

    // Requests.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                " \t\r\n ",
                "\"quoted\" \\ back / slash",
                "Grüße, 你好, مرحبا, שלום",
                "e\u0301 \u200B\u202E\uFEFF",
                "👩‍👩‍👧‍👦 𝕌 \uDBFF\uDFFF",
                "\u0000\u0001\u001F\u007F\u0085\u2028\u2029\uFFFE\uFFFF"
            })
    void aPromptOfAnyUnicodeReachesTheWorkerUnchanged(String prompt) {
        // Given
        JobRequest asked = Jobs.request(prompt);
        store.create(Job.queued(id, tenant, asked, now()), asked);

        // When
        Claim.Claimed claim = claimed("claim-1");

        // Then
        assertThat(claim.request()).isEqualTo(asked);
    }

    @ParameterizedTest
    @ValueSource(ints = {3_000, 3_900, 4_096, 5_000, 300_000, 1_000_000})
    void aPromptOfAnyLengthReachesTheWorkerUnchanged(int length) {
        // Given
        JobRequest asked = Jobs.request("sea, 海 ".repeat(length / 7));
        store.create(Job.queued(id, tenant, asked, now()), asked);

        // When
        Claim.Claimed claim = claimed("claim-1");

        // Then
        assertThat(claim.request()).isEqualTo(asked);
    }

    @Test
    void aRequestWithNothingOptionalReachesTheWorkerUnchanged() {
        // Given
        JobRequest bare = new JobRequest(
                request.messages(),
                null,
                null,
                null,
                List.of(),
                false,
                JobRequest.WhenUnavailable.FAIL,
                60,
                Map.of("", "an empty key", "status", "a reserved word", "a.b#c:d", ""));
        store.create(Job.queued(id, tenant, bare, now()), bare);

        // When
        Claim.Claimed claim = claimed("claim-1");

        // Then
        assertThat(claim.request()).isEqualTo(bare);
        assertThat(claim.job().metadata()).isEqualTo(bare.metadata());
    }

    // Claiming.

    @Test
    void aClaimTakesAQueuedJob() {
        // Given
        created();
        clock.advance(Duration.ofSeconds(3));

        // When
        Claim claim = claim(0, "claim-1");

        // Then
        Job running = found();
        assertThat(claim).isEqualTo(new Claim.Claimed(running, request));
        assertThat(running.status()).isEqualTo(JobStatus.RUNNING);
        assertThat(running.claimId()).isEqualTo("claim-1");
        assertThat(running.leaseUntil()).isEqualTo(now().plus(LEASE));
        assertThat(running.updatedAt()).isEqualTo(now());
        assertThat(running.crashes()).isZero();
    }

    @Test
    void aClaimOfAnUnknownJobIsRefusedWithNothing() {
        assertThat(claim(0, "claim-1")).isEqualTo(new Claim.Refused(null));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aMessageOfAnotherGenerationIsRefused(int generation) {
        // Given
        created();
        claimed("claim-1");
        store.defer(id, "claim-1", now(), List.of(), now());
        Job deferred = found();

        // When, then
        assertThat(claim(generation, "claim-2")).isEqualTo(new Claim.Refused(deferred));
        assertThat(found()).isEqualTo(deferred);
    }

    @Test
    void aClaimIsRefusedWhileAnotherLeaseRuns() {
        // Given
        created();
        Job running = claimed("claim-1").job();
        clock.advance(LEASE.minusMillis(1));

        // When, then
        assertThat(claim(0, "claim-2")).isEqualTo(new Claim.Refused(running));
        assertThat(found()).isEqualTo(running);
    }

    @Test
    void eachTakeoverOfALeaseThatRanOutRaisesCrashes() {
        // Given
        created();
        claimed("claim-1");

        // When
        clock.advance(LEASE);
        Claim.Claimed second = claimed("claim-2");
        clock.advance(LEASE);
        Claim.Claimed third = claimed("claim-3");

        // Then
        assertThat(second.job().crashes()).isEqualTo(1);
        assertThat(third.job().crashes()).isEqualTo(2);
        assertThat(third.job().claimId()).isEqualTo("claim-3");
    }

    @Test
    void aDeferralIsNoCrash() {
        // Given
        created();
        claimed("claim-1");
        clock.advance(LEASE);
        claimed("claim-2");
        store.defer(id, "claim-2", now(), List.of(), now());

        // When
        Claim claim = claim(1, "claim-3");

        // Then
        assertThat(claim).isInstanceOf(Claim.Claimed.class);
        assertThat(found().crashes()).isEqualTo(1);
        assertThat(found().notBefore()).isNull();
    }

    @Test
    void aClaimRepeatedBecauseItsAnswerWasLostIsAnsweredAsTheFirst() {
        // Given
        created();
        Claim first = claim(0, "claim-1");

        // When, then
        assertThat(claim(0, "claim-1")).isEqualTo(first);
        assertThat(found().crashes()).isZero();
    }

    @Test
    void ofManyClaimsAtOnceOneIsGranted() throws Exception {
        // Given
        created();
        List<Callable<Claim>> claims = IntStream.range(0, 8)
                .<Callable<Claim>>mapToObj(worker -> () -> claim(0, "claim-" + worker))
                .toList();

        // When
        List<Claim> answers = new ArrayList<>();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Claim> answer : workers.invokeAll(claims)) {
                answers.add(answer.get());
            }
        }

        // Then
        assertThat(answers)
                .filteredOn(Claim.Claimed.class::isInstance)
                .singleElement()
                .isEqualTo(new Claim.Claimed(found(), request));
    }

    // Ending a claim.

    @Test
    void successIsRecorded() {
        // Given
        created();
        claimed("claim-1");
        clock.advance(Duration.ofSeconds(7));
        List<Attempt> attempts = List.of(Jobs.attempt("THROTTLED", now()), Jobs.attempt("SUCCESS", now()));
        JobStore.Success success = Jobs.success(id, "claim-1", attempts);

        // When
        boolean written = store.succeed(id, "claim-1", success, now());

        // Then
        assertThat(written).isTrue();
        Job job = found();
        assertThat(job.status()).isEqualTo(JobStatus.SUCCEEDED);
        assertThat(job.servedBy()).isEqualTo(success.servedBy());
        assertThat(job.degradation()).isEqualTo(success.degradation());
        assertThat(job.usage()).isEqualTo(success.usage());
        assertThat(job.result()).isEqualTo(success.result());
        assertThat(job.attempts()).isEqualTo(attempts);
        assertThat(job.updatedAt()).isEqualTo(now());
        assertThat(job.leaseUntil()).isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILED", "EXPIRED"})
    void failureIsRecorded(JobStatus status) {
        // Given
        created();
        claimed("claim-1");
        List<Attempt> attempts = List.of(Jobs.attempt("CALLER_FAULT", now()));

        // When
        boolean written = store.fail(id, "claim-1", status, ERROR, attempts, now());

        // Then
        assertThat(written).isTrue();
        Job job = found();
        assertThat(job.status()).isEqualTo(status);
        assertThat(job.error()).isEqualTo(ERROR);
        assertThat(job.attempts()).isEqualTo(attempts);
        assertThat(job.result()).isNull();
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"FAILED", "EXPIRED"})
    void failingAsAnythingElseIsAMistake(JobStatus status) {
        // Given
        created();
        Job running = claimed("claim-1").job();

        // When, then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.fail(id, "claim-1", status, ERROR, List.of(), now()))
                .withMessageContaining(status.name());
        assertThat(found()).isEqualTo(running);
    }

    @Test
    void aDeferralMovesTheJobOneGenerationOn() {
        // Given
        created();
        claimed("claim-1");
        clock.advance(Duration.ofSeconds(2));
        List<Attempt> attempts = List.of(Jobs.attempt("TIMEOUT", now()));
        Instant notBefore = now().plusSeconds(90);

        // When
        var message = store.defer(id, "claim-1", notBefore, attempts, now());

        // Then
        assertThat(message).contains(new JobMessage(id, 1));
        Job job = found();
        assertThat(job.status()).isEqualTo(JobStatus.DEFERRED);
        assertThat(job.generation()).isEqualTo(1);
        assertThat(job.notBefore()).isEqualTo(notBefore);
        assertThat(job.attempts()).isEqualTo(attempts);
        assertThat(job.sentAt()).isEqualTo(now());
        assertThat(job.leaseUntil()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void anEndRepeatedBecauseItsAnswerWasLostIsAnsweredAsTheFirst(End end) {
        // Given
        created();
        claimed("claim-1");
        boolean first = end.write(store, id, "claim-1", now());
        Job ended = found();

        // When
        boolean repeated = end.write(store, id, "claim-1", now().plusSeconds(1));

        // Then
        assertThat(first).isTrue();
        assertThat(repeated).isTrue();
        assertThat(found()).isEqualTo(ended);
    }

    @ParameterizedTest
    @EnumSource
    void aClaimThatWasTakenOverWritesNothing(End end) {
        // Given
        created();
        claimed("claim-1");
        clock.advance(LEASE);
        Job taken = claimed("claim-2").job();

        // When, then
        assertThat(end.write(store, id, "claim-1", now())).isFalse();
        assertThat(found()).isEqualTo(taken);
    }

    @ParameterizedTest
    @EnumSource
    void aClaimWhoseLeaseRanOutStillHoldsUntilItIsTakenOver(End end) {
        // Given
        created();
        claimed("claim-1");
        clock.advance(LEASE.plusSeconds(1));

        // When, then
        assertThat(end.write(store, id, "claim-1", now())).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aJobThatWasNeverClaimedOrIsUnknownCannotBeEnded(End end) {
        assertThat(end.write(store, id, "claim-1", now())).isFalse();
        Job queued = created();
        assertThat(end.write(store, id, "claim-1", now())).isFalse();
        assertThat(found()).isEqualTo(queued);
    }

    @Test
    void onlyTheLatestAttemptsAreKept() {
        // Given
        created();
        claimed("claim-1");
        List<Attempt> attempts = IntStream.range(0, Job.MAX_ATTEMPTS + 5)
                .mapToObj(number -> Jobs.attempt("THROTTLED", now().plusSeconds(number)))
                .toList();

        // When
        store.defer(id, "claim-1", now(), attempts, now());

        // Then
        assertThat(found().attempts()).isEqualTo(attempts.subList(5, attempts.size()));
    }

    // Cancelling, and what is final.

    @ParameterizedTest
    @EnumSource(names = {"QUEUED", "RUNNING", "DEFERRED"})
    void aJobThatIsNotFinalCanBeCancelled(JobStatus status) {
        // Given
        bring(status);
        clock.advance(Duration.ofSeconds(1));

        // When
        Cancellation cancellation = store.cancel(id, tenant, now());

        // Then
        Job job = found();
        assertThat(cancellation).isEqualTo(new Cancellation.Cancelled(job));
        assertThat(job.status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(job.updatedAt()).isEqualTo(now());
        assertThat(job.leaseUntil()).isNull();
        assertThat(job.notBefore()).isNull();
    }

    @Test
    void cancellingTwiceIsCancellingOnce() {
        // Given
        Job cancelled = bring(JobStatus.CANCELLED);
        clock.advance(Duration.ofSeconds(1));

        // When, then
        assertThat(store.cancel(id, tenant, now())).isEqualTo(new Cancellation.Cancelled(cancelled));
        assertThat(found()).isEqualTo(cancelled);
    }

    @ParameterizedTest
    @EnumSource(names = {"SUCCEEDED", "FAILED", "EXPIRED"})
    void aJobThatEndedOtherwiseStaysAsItIs(JobStatus status) {
        // Given
        Job ended = bring(status);

        // When, then
        assertThat(store.cancel(id, tenant, now())).isEqualTo(new Cancellation.AlreadyFinal(ended));
        assertThat(found()).isEqualTo(ended);
    }

    @ParameterizedTest
    @EnumSource
    void anotherTenantsJobCannotBeCancelledNorTold(JobStatus status) {
        // Given
        Job job = bring(status);

        // When, then
        assertThat(store.cancel(id, tenant + "x", now())).isEqualTo(new Cancellation.NotFound());
        assertThat(found()).isEqualTo(job);
    }

    @Test
    void anUnknownJobCannotBeCancelled() {
        assertThat(store.cancel(id, tenant, now())).isEqualTo(new Cancellation.NotFound());
    }

    @ParameterizedTest
    @EnumSource(names = {"SUCCEEDED", "FAILED", "EXPIRED", "CANCELLED"})
    void aFinalJobNeverChangesAgain(JobStatus status) {
        // Given
        Job job = bring(status);
        clock.advance(LEASE.plusSeconds(1));

        // When
        assertThat(claim(0, "claim-2")).isEqualTo(new Claim.Refused(job));
        for (End end : End.values()) {
            end.write(store, id, "claim-1", now());
            assertThat(end.write(store, id, "claim-2", now())).isFalse();
        }
        store.cancel(id, tenant, now());

        // Then
        assertThat(found()).isEqualTo(job);
    }

    // What is due.

    @Test
    void aNewJobIsDueWhenItsMessageMayBeLost() {
        // Given
        created();

        // When, then
        assertThat(found().dueAt()).isEqualTo(now().plus(Due.interval(0)));
        clock.advance(Due.interval(0).minusMillis(1));
        assertThat(due()).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(due()).containsExactly(id);
    }

    @Test
    void aJobWithAShortDeadlineIsDueThen() {
        // Given
        JobRequest urgent = new JobRequest(
                request.messages(), null, null, null, List.of(), true, JobRequest.WhenUnavailable.QUEUE, 60, Map.of());
        store.create(Job.queued(id, tenant, urgent, now()), urgent);

        // When
        clock.advance(Duration.ofSeconds(60));

        // Then
        assertThat(due()).containsExactly(id);
    }

    @Test
    void whatIsDueIsNamedByTheTimeItIsDueFor() {
        // Given
        List<String> ids = IntStream.range(0, 3).mapToObj(this::idInOneShard).toList();
        ids.reversed().forEach(due -> {
            created(due);
            clock.advance(Duration.ofMillis(1));
        });
        clock.advance(Due.interval(0));

        // When, then
        assertThat(own(store.due(JobItem.shard(id), now(), 1_000))).containsExactlyElementsOf(ids.reversed());
        assertThat(store.due(JobItem.shard(id), now(), 2)).hasSize(2);
    }

    @Test
    void neitherAClaimNorAShortDeferralMovesAJobInTheIndex() {
        // Given
        Instant dueAt = created().dueAt();
        clock.advance(Duration.ofMinutes(3));

        // When
        claimed("claim-1");
        store.defer(id, "claim-1", now().plus(JobQueue.MAX_DELAY), List.of(), now());

        // Then
        assertThat(found().dueAt()).isEqualTo(dueAt);
        assertThat(found().isParked()).isFalse();
    }

    @Test
    void aParkedJobIsDueWhenItsWaitIsOver() {
        // Given
        created();
        claimed("claim-1");
        Instant notBefore = now().plus(JobQueue.MAX_DELAY).plusMillis(1);

        // When
        store.defer(id, "claim-1", notBefore, List.of(), now());

        // Then
        assertThat(found().isParked()).isTrue();
        assertThat(found().dueAt()).isEqualTo(notBefore);
        clock.advance(Duration.between(now(), notBefore));
        assertThat(due()).containsExactly(id);
    }

    @ParameterizedTest
    @EnumSource(names = {"SUCCEEDED", "FAILED", "EXPIRED", "CANCELLED"})
    void aFinalJobIsNeverDue(JobStatus status) {
        // Given
        bring(status);

        // When
        clock.advance(Jobs.DEADLINE);

        // Then
        assertThat(due()).isEmpty();
        assertThat(found().dueAt()).isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"QUEUED", "RUNNING", "DEFERRED"})
    void aJobThatIsToBeLookedAtAgainIsDueThenAndOtherwiseAsItWas(JobStatus status) {
        // Given
        Job seen = bring(status);
        Instant dueAt = now().plusSeconds(3);

        // When
        store.lookAgain(seen, dueAt);

        // Then
        JobDraft expected = new JobDraft(seen);
        expected.dueAt = dueAt;
        assertThat(found()).isEqualTo(expected.toJob());
    }

    @ParameterizedTest
    @EnumSource(names = {"QUEUED", "RUNNING", "DEFERRED"})
    void aMessageThatIsSentAgainIsNotedOnceForAllWhoSawTheJob(JobStatus status) {
        // Given
        Job seen = bring(status);
        clock.advance(Due.interval(0));
        Instant dueAt = now().plus(Due.interval(1));

        // When
        boolean first = store.resend(seen, 1, dueAt, now());
        Job resent = found();
        clock.advance(Duration.ofMillis(1));
        boolean second = store.resend(seen, 1, dueAt, now());

        // Then
        JobDraft expected = new JobDraft(seen);
        expected.sentAt = now().minusMillis(1);
        expected.resends = 1;
        expected.dueAt = dueAt;
        assertThat(first).isTrue();
        assertThat(resent).isEqualTo(expected.toJob());
        assertThat(second).isFalse();
        assertThat(found()).isEqualTo(resent);
    }

    @ParameterizedTest
    @EnumSource(names = {"QUEUED", "RUNNING", "DEFERRED"})
    void aJobThatNobodyWillServeIsEndedOnce(JobStatus status) {
        // Given
        Job seen = bring(status);
        clock.advance(Jobs.DEADLINE);

        // When
        boolean first = store.abandon(seen, JobStatus.EXPIRED, JobError.EXPIRED, now());
        Job expired = found();
        clock.advance(Duration.ofMillis(1));
        boolean second = store.abandon(seen, JobStatus.EXPIRED, JobError.EXPIRED, now());

        // Then
        assertThat(first).isTrue();
        assertThat(expired.status()).isEqualTo(JobStatus.EXPIRED);
        assertThat(expired.error()).isEqualTo(JobError.EXPIRED);
        assertThat(expired.notBefore()).isNull();
        assertThat(expired.leaseUntil()).isNull();
        assertThat(expired.dueAt()).isNull();
        assertThat(second).isFalse();
        assertThat(found()).isEqualTo(expired);
        assertThat(End.SUCCEED.write(store, id, "claim-1", now())).isFalse();
    }

    @Test
    void whoSawAJobBeforeItsClaimChangesNothing() {
        // Given
        Job queued = created();
        Job running = claimed("claim-1").job();

        // When, then
        assertNothingIsWrittenAbout(queued, running);
    }

    @Test
    void whoSawAnEarlierClaimChangesNothing() {
        // Given
        created();
        Job first = claimed("claim-1").job();
        clock.advance(LEASE);
        Job second = claimed("claim-2").job();

        // When, then
        assertNothingIsWrittenAbout(first, second);
    }

    @ParameterizedTest
    @EnumSource(names = {"SUCCEEDED", "FAILED", "EXPIRED"})
    void whoSawAJobBeforeItsEndChangesNothing(JobStatus status) {
        // Given
        created();
        Job running = claimed("claim-1").job();
        if (status == JobStatus.SUCCEEDED) {
            End.SUCCEED.write(store, id, "claim-1", now());
        } else {
            store.fail(id, "claim-1", status, ERROR, List.of(), now());
        }

        // When, then
        assertNothingIsWrittenAbout(running, found());
    }

    private void assertNothingIsWrittenAbout(Job seen, Job found) {
        Instant later = now().plusSeconds(7);
        store.lookAgain(seen, later);
        assertThat(store.resend(seen, 1, later, later)).isFalse();
        assertThat(store.abandon(seen, JobStatus.FAILED, JobError.crashed(3), later))
                .isFalse();
        assertThat(found()).isEqualTo(found);
    }

    private List<String> due() {
        return own(store.due(JobItem.shard(id), now(), 1_000));
    }

    /** Others share the index. */
    private List<String> own(List<String> ids) {
        return ids.stream().filter(due -> due.startsWith(id)).toList();
    }

    private String idInOneShard(int number) {
        return IntStream.range(0, 1_000)
                .mapToObj(salt -> id + number + "-" + salt)
                .filter(candidate -> JobItem.shard(candidate) == JobItem.shard(id))
                .findFirst()
                .orElseThrow();
    }

    // Listing.

    @Test
    void jobsAreListedNewestFirstEachOnceAcrossPages() {
        // Given
        List<Job> jobs = new ArrayList<>();
        for (int number = 0; number < 7; number++) {
            jobs.add(created(id + number));
            clock.advance(Duration.ofMillis(number % 2));
        }

        // When
        List<Integer> sizes = new ArrayList<>();
        List<Job> listed = new ArrayList<>();
        String cursor = null;
        do {
            Page page = store.list(tenant, null, 3, cursor);
            sizes.add(page.jobs().size());
            listed.addAll(page.jobs());
            cursor = page.cursor();
        } while (cursor != null);

        // Then
        Collections.reverse(jobs);
        assertThat(listed).isEqualTo(jobs);
        assertThat(sizes).containsExactly(3, 3, 1);
    }

    @Test
    void thePageThatHoldsTheLastJobSaysSo() {
        // Given
        created(id + 1);
        created(id + 2);

        // When, then
        assertThat(store.list(tenant, null, 2, null).cursor()).isNull();
        assertThat(store.list(tenant, null, 1, null).cursor()).isNotNull();
    }

    @Test
    void aJobCreatedBetweenTwoPagesDoesNotShiftTheSecond() {
        // Given
        Job oldest = created(id + 1);
        clock.advance(Duration.ofSeconds(1));
        created(id + 2);
        Page first = store.list(tenant, null, 1, null);
        clock.advance(Duration.ofSeconds(1));

        // When
        created(id + 3);

        // Then
        assertThat(store.list(tenant, null, 1, first.cursor()).jobs()).containsExactly(oldest);
    }

    @Test
    void aStatusFiltersAfterThePageIsRead() {
        // Given
        Job queued = created(id + 1);
        clock.advance(Duration.ofSeconds(1));
        created(id + 2);
        store.cancel(id + 2, tenant, now());

        // When
        Page first = store.list(tenant, JobStatus.QUEUED, 1, null);
        Page second = store.list(tenant, JobStatus.QUEUED, 1, first.cursor());

        // Then
        assertThat(first.jobs()).isEmpty();
        assertThat(second.jobs()).containsExactly(queued);
        assertThat(second.cursor()).isNull();
    }

    @Test
    void otherTenantsJobsAreNotListed() {
        // Given
        created();

        // When, then
        assertThat(store.list(tenant + "x", null, 10, null)).isEqualTo(new Page(List.of(), null));
        assertThat(store.list(tenant.substring(1), null, 10, null)).isEqualTo(new Page(List.of(), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "!!!", "AAAAAAAAAAAA", "eyJpZCI6ICJ4In0="})
    void aCursorThatIsNoneIsAMistake(String cursor) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.list(tenant, null, 10, cursor))
                .withMessageContaining("cursor");
    }

    @Test
    void anotherTenantsCursorIsAMistake() {
        // Given
        created(id + 1);
        created(id + 2);
        String cursor = store.list(tenant, null, 1, null).cursor();

        // When, then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.list(tenant + "x", null, 1, cursor))
                .withMessageContaining("cursor");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 101})
    void aLimitOutOfRangeIsAMistake(int limit) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.list(tenant, null, limit, null))
                .withMessageContaining("limit");
    }

    @Test
    void aFullPageOfTheGreatestLengthIsListed() {
        // Given
        IntStream.rangeClosed(0, JobStore.MAX_LIMIT).forEach(number -> created(id + number));

        // When
        Page page = store.list(tenant, null, JobStore.MAX_LIMIT, null);

        // Then
        assertThat(page.jobs()).hasSize(JobStore.MAX_LIMIT);
        assertThat(store.list(tenant, null, JobStore.MAX_LIMIT, page.cursor()).jobs())
                .hasSize(1);
    }

    /** The ways in which a claim ends. */
    enum End {
        SUCCEED {
            @Override
            boolean write(JobStore store, String id, String claimId, Instant now) {
                return store.succeed(id, claimId, Jobs.success(id, claimId, List.of()), now);
            }
        },
        FAIL {
            @Override
            boolean write(JobStore store, String id, String claimId, Instant now) {
                return store.fail(id, claimId, JobStatus.FAILED, ERROR, List.of(), now);
            }
        },
        EXPIRE {
            @Override
            boolean write(JobStore store, String id, String claimId, Instant now) {
                return store.fail(id, claimId, JobStatus.EXPIRED, ERROR, List.of(), now);
            }
        },
        DEFER {
            @Override
            boolean write(JobStore store, String id, String claimId, Instant now) {
                return store.defer(id, claimId, now, List.of(), now).isPresent();
            }
        };

        abstract boolean write(JobStore store, String id, String claimId, Instant now);
    }

    private Instant now() {
        return clock.instant();
    }

    private Job created() {
        return created(id);
    }

    private Job created(String jobId) {
        Job job = Job.queued(jobId, tenant, request, now());
        assertThat(store.create(job, request)).isEqualTo(new Creation.Created());
        return job;
    }

    private Claim claim(int generation, String claimId) {
        return store.claim(new JobMessage(id, generation), claimId, now().plus(LEASE), now());
    }

    private Claim.Claimed claimed(String claimId) {
        return (Claim.Claimed) claim(0, claimId);
    }

    private Job found() {
        return store.find(id).orElseThrow();
    }

    /** Creates the job and brings it to this status, by claim-1 where a claim is needed. */
    private Job bring(JobStatus status) {
        created();
        if (status != JobStatus.QUEUED && status != JobStatus.CANCELLED) {
            claimed("claim-1");
        }
        switch (status) {
            case QUEUED, RUNNING -> {}
            case DEFERRED -> End.DEFER.write(store, id, "claim-1", now());
            case SUCCEEDED -> End.SUCCEED.write(store, id, "claim-1", now());
            case FAILED -> End.FAIL.write(store, id, "claim-1", now());
            case EXPIRED -> End.EXPIRE.write(store, id, "claim-1", now());
            case CANCELLED -> store.cancel(id, tenant, now());
        }
        return found();
    }
}
