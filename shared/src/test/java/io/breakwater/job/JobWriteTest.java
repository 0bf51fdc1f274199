package io.breakwater.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.model.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Pins the expressions: what they let through is the promise that a job ends once. */
class JobWriteTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final JobWrite CLAIM = JobWrite.claim(new JobMessage("id", 2), "claim", NOW.plusSeconds(60), NOW);
    private static final JobWrite SUCCEED = JobWrite.succeed("claim", success(null), NOW);
    private static final JobWrite DEGRADED =
            JobWrite.succeed("claim", success(new Degradation("fallback", 128, null)), NOW);
    private static final JobWrite FAIL =
            JobWrite.fail("claim", JobStatus.FAILED, new JobError("TIMEOUT", "no answer", null), List.of(), NOW);
    private static final JobWrite DEFER = JobWrite.defer("claim", NOW.plusSeconds(30), List.of(), NOW);
    private static final JobWrite PARK = JobWrite.defer("claim", NOW.plusSeconds(3600), List.of(), NOW);
    private static final JobWrite CANCEL = JobWrite.cancel("tenant", NOW);
    private static final Job SEEN = Job.queued(
            "id",
            "tenant",
            new JobRequest(
                    List.of(), null, null, null, List.of(), true, JobRequest.WhenUnavailable.QUEUE, 60, Map.of()),
            NOW);
    private static final Job CLAIMED = claimed();
    private static final JobWrite LOOK_AGAIN = JobWrite.lookAgain(SEEN, NOW.plusSeconds(60));
    private static final JobWrite RESEND = JobWrite.resend(SEEN, 1, NOW.plusSeconds(60), NOW);
    private static final JobWrite ABANDON = JobWrite.abandon(SEEN, JobStatus.EXPIRED, JobError.EXPIRED, NOW);

    @Test
    void aNewJobReplacesNoneButAnExpired() {
        assertThat(JobWrite.CREATE_CONDITION).isEqualTo("attribute_not_exists(id) OR expiresAt <= :nowSeconds");
    }

    @Test
    void aClaimNamesTheGenerationAndSparesALeaseThatRuns() {
        assertThat(CLAIM.condition())
                .isEqualTo("generation = :generation AND"
                        + " (#status IN (:queued, :deferred) OR (#status = :running AND leaseUntil <= :now))");
        assertThat(CLAIM.update())
                .isEqualTo("SET #status = :running, claimId = :claimId, leaseUntil = :leaseUntil, updatedAt = :now,"
                        + " crashes = crashes + openClaims, openClaims = :one, resends = :zero"
                        + " REMOVE notBefore");
    }

    @Test
    void everyEndNamesItsClaim() {
        assertThat(Stream.of(SUCCEED, DEGRADED, FAIL, DEFER).map(JobWrite::condition))
                .containsOnly("claimId = :claimId AND #status = :running");
    }

    @Test
    void anEndSetsWhatItIsAndGivesTheClaimUp() {
        assertThat(SUCCEED.update())
                .isEqualTo(
                        "SET #status = :succeeded, servedBy = :servedBy, #usage = :usage, #result = :result, attempts"
                            + " = :attempts, openClaims = :zero, updatedAt = :now REMOVE leaseUntil, dueShard, dueAt");
        assertThat(DEGRADED.update())
                .isEqualTo("SET #status = :succeeded, servedBy = :servedBy, #usage = :usage, #result = :result,"
                        + " attempts = :attempts, openClaims = :zero, updatedAt = :now, degradation = :degradation"
                        + " REMOVE leaseUntil, dueShard, dueAt");
        assertThat(FAIL.update())
                .isEqualTo("SET #status = :final, #error = :error, attempts = :attempts, openClaims = :zero,"
                        + " updatedAt = :now REMOVE leaseUntil, dueShard, dueAt");
        assertThat(DEFER.update())
                .isEqualTo("SET #status = :deferred, generation = generation + :one, notBefore = :notBefore,"
                        + " sentAt = :now, resends = :zero, attempts = :attempts, openClaims = :zero, updatedAt = :now"
                        + " REMOVE leaseUntil");
    }

    @Test
    void aCancellationNamesTheTenantAndSparesWhatIsFinal() {
        assertThat(CANCEL.condition())
                .isEqualTo("tenant = :tenant AND #status IN (:queued, :running, :deferred)"
                        + " AND expiresAt > :nowSeconds");
        assertThat(CANCEL.update())
                .isEqualTo("SET #status = :cancelled, openClaims = :zero, updatedAt = :now"
                        + " REMOVE leaseUntil, notBefore, dueShard, dueAt");
    }

    @Test
    void aDeferralMovesTheJobInTheIndexOfWhatIsDueOnlyWhenNoMessageIsSent() {
        assertThat(DEFER.update()).doesNotContain("dueAt");
        assertThat(PARK.update()).contains("dueAt = :dueAt");
        assertThat(PARK.values()).containsEntry(":dueAt", AttributeValue.fromS("2026-11-24T13:00:00.000Z"));
    }

    @Test
    void theSweeperNamesAllThatItSaw() {
        assertThat(Stream.of(LOOK_AGAIN, RESEND, ABANDON).map(JobWrite::condition))
                .containsOnly("#status = :seen AND generation = :generation AND sentAt = :sentAt"
                        + " AND attribute_not_exists(claimId)");
        assertThat(JobWrite.lookAgain(CLAIMED, NOW).condition())
                .isEqualTo("#status = :seen AND generation = :generation AND sentAt = :sentAt AND claimId = :claimId");
    }

    @Test
    void theSweeperChangesOnlyWhatItIsAbout() {
        assertThat(LOOK_AGAIN.update()).isEqualTo("SET dueAt = :dueAt");
        assertThat(RESEND.update()).isEqualTo("SET sentAt = :now, resends = :resends, dueAt = :dueAt");
        assertThat(ABANDON.update())
                .isEqualTo("SET #status = :final, #error = :error, openClaims = :zero, updatedAt = :now"
                        + " REMOVE leaseUntil, notBefore, dueShard, dueAt");
    }

    @ParameterizedTest
    @MethodSource("writes")
    void everyNameAndValueIsDeclaredAndUsed(JobWrite write) {
        String expressions = write.update() + " " + write.condition();
        assertThat(write.values().keySet()).isEqualTo(placeholders(":", expressions));
        assertThat(write.names().keySet()).isEqualTo(placeholders("#", expressions));
    }

    static Stream<JobWrite> writes() {
        return Stream.of(
                CLAIM,
                SUCCEED,
                DEGRADED,
                FAIL,
                DEFER,
                PARK,
                CANCEL,
                LOOK_AGAIN,
                RESEND,
                ABANDON,
                JobWrite.lookAgain(CLAIMED, NOW));
    }

    private static Job claimed() {
        JobDraft draft = new JobDraft(SEEN);
        draft.claimId = "claim";
        return draft.toJob();
    }

    private static Set<String> placeholders(String prefix, String expressions) {
        return Pattern.compile(prefix + "\\w+")
                .matcher(expressions)
                .results()
                .map(found -> found.group())
                .collect(Collectors.toSet());
    }

    private static JobStore.Success success(@Nullable Degradation degradation) {
        return new JobStore.Success(
                new ServedBy("us-east-1", "model", "primary"),
                degradation,
                new Usage(1, 2),
                new StoredResult("results/id/claim", "text/plain; charset=utf-8", 3, "end_turn"),
                List.of());
    }
}
