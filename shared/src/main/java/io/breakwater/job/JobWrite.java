package io.breakwater.job;

import static io.breakwater.job.JobItem.json;
import static io.breakwater.job.JobItem.number;
import static io.breakwater.job.JobItem.sortable;
import static io.breakwater.job.JobItem.time;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.breakwater.job.JobStore.Success;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One conditional update of a job's item, as DynamoDB's expressions. {@code #} stands before the names that DynamoDB
 * reserves.
 */
record JobWrite(String update, String condition, Map<String, AttributeValue> values) {
    private static final Map<String, String> RESERVED =
            Map.of("#status", "status", "#result", "result", "#error", "error", "#usage", "usage");

    /** A new item may also take the place of an expired one that the TTL has yet to remove. */
    static final String CREATE_CONDITION = "attribute_not_exists(id) OR expiresAt <= :nowSeconds";

    private static final Set<JobStatus> FAILURES = EnumSet.of(JobStatus.FAILED, JobStatus.EXPIRED);

    /** Takes a job that is final out of the index of what is due. */
    private static final String NO_LONGER_DUE = ", dueShard, dueAt";

    private static final String CLAIM_HOLDS = "claimId = :claimId AND #status = :running";

    static JobWrite claim(JobMessage message, String claimId, Instant leaseUntil, Instant now) {
        return new JobWrite(
                "SET #status = :running, claimId = :claimId, leaseUntil = :leaseUntil, updatedAt = :now,"
                        + " crashes = crashes + openClaims, openClaims = :one, resends = :zero REMOVE notBefore",
                "generation = :generation AND"
                        + " (#status IN (:queued, :deferred) OR (#status = :running AND leaseUntil <= :now))",
                Map.of(
                        ":generation", number(message.generation()),
                        ":claimId", fromS(claimId),
                        ":leaseUntil", time(leaseUntil),
                        ":now", time(now),
                        ":one", number(1),
                        ":zero", number(0),
                        ":queued", status(JobStatus.QUEUED),
                        ":deferred", status(JobStatus.DEFERRED),
                        ":running", status(JobStatus.RUNNING)));
    }

    static JobWrite succeed(String claimId, Success success, Instant now) {
        String set = "SET #status = :succeeded, servedBy = :servedBy, #usage = :usage, #result = :result,"
                + " attempts = :attempts, openClaims = :zero, updatedAt = :now";
        Map<String, AttributeValue> values = ending(claimId, success.attempts(), now);
        values.put(":succeeded", status(JobStatus.SUCCEEDED));
        values.put(":servedBy", json(success.servedBy()));
        values.put(":usage", json(success.usage()));
        values.put(":result", json(success.result()));
        if (success.degradation() != null) {
            values.put(":degradation", json(success.degradation()));
            set += ", degradation = :degradation";
        }
        return new JobWrite(set + " REMOVE leaseUntil" + NO_LONGER_DUE, CLAIM_HOLDS, values);
    }

    static JobWrite fail(String claimId, JobStatus status, JobError error, List<Attempt> attempts, Instant now) {
        checkFailure(status);
        Map<String, AttributeValue> values = ending(claimId, attempts, now);
        values.put(":final", status(status));
        values.put(":error", json(error));
        return new JobWrite(
                "SET #status = :final, #error = :error, attempts = :attempts, openClaims = :zero, updatedAt = :now"
                        + " REMOVE leaseUntil" + NO_LONGER_DUE,
                CLAIM_HOLDS,
                values);
    }

    static void checkFailure(JobStatus status) {
        if (!FAILURES.contains(status)) {
            throw new IllegalArgumentException("a job fails as one of " + FAILURES + ", not as " + status);
        }
    }

    static JobWrite defer(String claimId, Instant notBefore, List<Attempt> attempts, Instant now) {
        Map<String, AttributeValue> values = ending(claimId, attempts, now);
        values.put(":deferred", status(JobStatus.DEFERRED));
        values.put(":notBefore", time(notBefore));
        values.put(":one", number(1));
        String set = "SET #status = :deferred, generation = generation + :one, notBefore = :notBefore, sentAt = :now,"
                + " resends = :zero, attempts = :attempts, openClaims = :zero, updatedAt = :now";
        if (Job.isParked(now, notBefore)) {
            values.put(":dueAt", sortable(notBefore));
            set += ", dueAt = :dueAt";
        }
        return new JobWrite(set + " REMOVE leaseUntil", CLAIM_HOLDS, values);
    }

    static JobWrite cancel(String tenant, Instant now) {
        return new JobWrite(
                "SET #status = :cancelled, openClaims = :zero, updatedAt = :now REMOVE leaseUntil, notBefore"
                        + NO_LONGER_DUE,
                "tenant = :tenant AND #status IN (:queued, :running, :deferred) AND expiresAt > :nowSeconds",
                Map.of(
                        ":tenant", fromS(tenant),
                        ":now", time(now),
                        ":nowSeconds", number(now.getEpochSecond()),
                        ":zero", number(0),
                        ":queued", status(JobStatus.QUEUED),
                        ":running", status(JobStatus.RUNNING),
                        ":deferred", status(JobStatus.DEFERRED),
                        ":cancelled", status(JobStatus.CANCELLED)));
    }

    static JobWrite lookAgain(Job seen, Instant dueAt) {
        Map<String, AttributeValue> values = seen(seen);
        values.put(":dueAt", sortable(dueAt));
        return new JobWrite("SET dueAt = :dueAt", asSeen(seen), values);
    }

    static JobWrite resend(Job seen, int resends, Instant dueAt, Instant now) {
        Map<String, AttributeValue> values = seen(seen);
        values.put(":dueAt", sortable(dueAt));
        values.put(":resends", number(resends));
        values.put(":now", time(now));
        return new JobWrite("SET sentAt = :now, resends = :resends, dueAt = :dueAt", asSeen(seen), values);
    }

    static JobWrite abandon(Job seen, JobStatus status, JobError error, Instant now) {
        checkFailure(status);
        Map<String, AttributeValue> values = seen(seen);
        values.put(":final", status(status));
        values.put(":error", json(error));
        values.put(":now", time(now));
        values.put(":zero", number(0));
        return new JobWrite(
                "SET #status = :final, #error = :error, openClaims = :zero, updatedAt = :now"
                        + " REMOVE leaseUntil, notBefore" + NO_LONGER_DUE,
                asSeen(seen),
                values);
    }

    /** Each of these changes what it names, so that of several who saw the same job one gets to write. */
    private static String asSeen(Job seen) {
        return "#status = :seen AND generation = :generation AND sentAt = :sentAt AND "
                + (seen.claimId() == null ? "attribute_not_exists(claimId)" : "claimId = :claimId");
    }

    private static Map<String, AttributeValue> seen(Job seen) {
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":seen", status(seen.status()),
                ":generation", number(seen.generation()),
                ":sentAt", time(seen.sentAt())));
        if (seen.claimId() != null) {
            values.put(":claimId", fromS(seen.claimId()));
        }
        return values;
    }

    /** The names behind this write's {@code #}; DynamoDB refuses one that is declared and not used. */
    Map<String, String> names() {
        Map<String, String> names = new HashMap<>(RESERVED);
        names.keySet().removeIf(name -> !update.contains(name) && !condition.contains(name));
        return names;
    }

    private static Map<String, AttributeValue> ending(String claimId, List<Attempt> attempts, Instant now) {
        return new HashMap<>(Map.of(
                ":claimId", fromS(claimId),
                ":running", status(JobStatus.RUNNING),
                ":attempts", json(Job.latest(attempts)),
                ":now", time(now),
                ":zero", number(0)));
    }

    private static AttributeValue status(JobStatus status) {
        return fromS(status.name());
    }
}
