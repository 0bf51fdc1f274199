package io.breakwater.job;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.breakwater.result.ResultStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * Jobs in DynamoDB, one item each; {@link JobItem} names its attributes, {@link JobWrite} its conditions.
 *
 * <p>A job's life costs three writes and a worker no reads: a claim returns the new item, and a refused write the item
 * that refused it. That item also tells a lost race from a lost answer: when the SDK repeats a write whose first attempt
 * arrived, the condition fails on our own work, which is then recognised by its claim id.
 *
 * <p>The client may retry; give it few attempts on purpose (three, say), since the SDK's nine outlast an invocation.
 */
public final class DynamoDbJobStore implements JobStore {
    private static final int BATCH_GET_ROUNDS = 3;

    private final DynamoDbClient client;
    private final String table;
    private final StoredRequest requests;
    private final InstantSource clock;

    /**
     * A store on this table.
     *
     * @param prompts where requests go that are too large for an item
     * @param clock judges which jobs are expired
     */
    public DynamoDbJobStore(DynamoDbClient client, String table, ResultStore prompts, InstantSource clock) {
        this.client = client;
        this.table = table;
        this.requests = new StoredRequest(prompts);
        this.clock = clock;
    }

    @Override
    public Creation create(Job job, JobRequest request) {
        Map<String, AttributeValue> item = JobItem.of(job);
        item.putAll(requests.write(job, request));
        try {
            client.putItem(put -> put.tableName(table)
                    .item(item)
                    .conditionExpression(JobWrite.CREATE_CONDITION)
                    .expressionAttributeValues(
                            Map.of(":nowSeconds", JobItem.number(clock.instant().getEpochSecond())))
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return new Creation.Created();
        } catch (ConditionalCheckFailedException e) {
            Job found = JobItem.job(e.item());
            return isSame(found, job) ? new Creation.Created() : new Creation.Exists(found);
        }
    }

    /** Whether an earlier attempt of ours put it there. */
    private static boolean isSame(Job found, Job job) {
        return found.bodyHash().equals(job.bodyHash())
                && found.createdAt().toEpochMilli() == job.createdAt().toEpochMilli();
    }

    @Override
    public Optional<Job> find(String id) {
        Map<String, AttributeValue> item = client.getItem(
                        get -> get.tableName(table).key(key(id)).consistentRead(true))
                .item();
        return item.isEmpty() || JobItem.isExpired(item, clock.instant())
                ? Optional.empty()
                : Optional.of(JobItem.job(item));
    }

    @Override
    public Page list(String tenant, @Nullable JobStatus status, int limit, @Nullable String cursor) {
        List<String> orders = ordersAfter(ListCursor.start(tenant, cursor), tenant, ListCursor.checked(limit) + 1);
        List<String> page = orders.subList(0, Math.min(limit, orders.size()));
        Map<String, Job> jobs = jobs(page.stream().map(JobItem::idIn).toList());
        return new Page(
                page.stream()
                        .map(order -> jobs.get(JobItem.idIn(order)))
                        .filter(Objects::nonNull)
                        .filter(job -> status == null || job.status() == status)
                        .toList(),
                orders.size() > limit ? ListCursor.after(tenant, page.getLast()) : null);
    }

    /** What the index holds of the tenant's jobs from there on, newest first. */
    private List<String> ordersAfter(Optional<String> start, String tenant, int limit) {
        Map<String, AttributeValue> values = new HashMap<>(Map.of(":tenant", fromS(tenant)));
        start.ifPresent(order -> values.put(":start", fromS(order)));
        return client
                .query(query -> query.tableName(table)
                        .indexName(JobItem.BY_TENANT.name())
                        .keyConditionExpression(JobItem.TENANT + " = :tenant"
                                + (start.isPresent() ? " AND " + JobItem.ORDER + " < :start" : ""))
                        .expressionAttributeValues(values)
                        .scanIndexForward(false)
                        .limit(limit))
                .items()
                .stream()
                .map(item -> JobItem.text(item, JobItem.ORDER))
                .toList();
    }

    private Map<String, Job> jobs(List<String> ids) {
        Instant now = clock.instant();
        Map<String, Job> jobs = new HashMap<>();
        Map<String, KeysAndAttributes> wanted = Map.of(
                table,
                KeysAndAttributes.builder()
                        .keys(ids.stream().map(DynamoDbJobStore::key).toList())
                        .consistentRead(true)
                        .build());
        for (int round = 0; !ids.isEmpty() && !wanted.isEmpty(); round++) {
            if (round == BATCH_GET_ROUNDS) {
                throw new IllegalStateException(
                        "DynamoDB left jobs of a page unread " + BATCH_GET_ROUNDS + " times: the table is throttled");
            }
            Map<String, KeysAndAttributes> asked = wanted;
            var answer = client.batchGetItem(get -> get.requestItems(asked));
            answer.responses().getOrDefault(table, List.of()).stream()
                    .filter(item -> !JobItem.isExpired(item, now))
                    .map(JobItem::job)
                    .forEach(job -> jobs.put(job.id(), job));
            wanted = answer.unprocessedKeys();
        }
        return jobs;
    }

    @Override
    public Claim claim(JobMessage message, String claimId, Instant leaseUntil, Instant now) {
        Answer answer = update(message.jobId(), JobWrite.claim(message, claimId, leaseUntil, now));
        return answer.job()
                .filter(job -> isLeftBy(claimId, JobStatus.RUNNING, job))
                .<Claim>map(job -> new Claim.Claimed(job, requests.read(answer.item())))
                .orElseGet(() -> new Claim.Refused(answer.job().orElse(null)));
    }

    @Override
    public boolean succeed(String id, String claimId, Success success, Instant now) {
        return end(id, claimId, JobStatus.SUCCEEDED, JobWrite.succeed(claimId, success, now))
                .isPresent();
    }

    @Override
    public boolean fail(
            String id, String claimId, JobStatus status, JobError error, List<Attempt> attempts, Instant now) {
        return end(id, claimId, status, JobWrite.fail(claimId, status, error, attempts, now))
                .isPresent();
    }

    @Override
    public Optional<JobMessage> defer(
            String id, String claimId, Instant notBefore, List<Attempt> attempts, Instant now) {
        return end(id, claimId, JobStatus.DEFERRED, JobWrite.defer(claimId, notBefore, attempts, now))
                .map(JobMessage::of);
    }

    /** Ends the claim; the job as the claim left it, or empty when it no longer held. */
    private Optional<Job> end(String id, String claimId, JobStatus status, JobWrite write) {
        return update(id, write).job().filter(job -> isLeftBy(claimId, status, job));
    }

    private static boolean isLeftBy(String claimId, JobStatus status, Job job) {
        return claimId.equals(job.claimId()) && job.status() == status;
    }

    @Override
    public Cancellation cancel(String id, String tenant, Instant now) {
        Answer answer = update(id, JobWrite.cancel(tenant, now));
        return answer.job()
                .filter(job -> job.tenant().equals(tenant) && !JobItem.isExpired(answer.item(), now))
                .<Cancellation>map(job -> job.status() == JobStatus.CANCELLED
                        ? new Cancellation.Cancelled(job)
                        : new Cancellation.AlreadyFinal(job))
                .orElseGet(Cancellation.NotFound::new);
    }

    @Override
    public List<String> due(int shard, Instant now, int limit) {
        return client
                .query(query -> query.tableName(table)
                        .indexName(JobItem.BY_DUE.name())
                        .keyConditionExpression(JobItem.DUE_SHARD + " = :shard AND " + JobItem.DUE_AT + " <= :now")
                        .expressionAttributeValues(
                                Map.of(":shard", fromS(JobItem.shardName(shard)), ":now", JobItem.sortable(now)))
                        .limit(limit))
                .items()
                .stream()
                .map(item -> JobItem.text(item, JobItem.ID))
                .toList();
    }

    @Override
    public void lookAgain(Job seen, Instant dueAt) {
        update(seen.id(), JobWrite.lookAgain(seen, dueAt));
    }

    @Override
    public boolean resend(Job seen, int resends, Instant dueAt, Instant now) {
        return update(seen.id(), JobWrite.resend(seen, resends, dueAt, now))
                .job()
                .filter(job -> job.status() == seen.status()
                        && job.generation() == seen.generation()
                        && Objects.equals(job.claimId(), seen.claimId())
                        && job.resends() == resends
                        && job.sentAt().toEpochMilli() == now.toEpochMilli())
                .isPresent();
    }

    @Override
    public boolean abandon(Job seen, JobStatus status, JobError error, Instant now) {
        return update(seen.id(), JobWrite.abandon(seen, status, error, now))
                .job()
                .filter(job -> job.status() == status
                        && error.equals(job.error())
                        && job.updatedAt().toEpochMilli() == now.toEpochMilli())
                .isPresent();
    }

    private Answer update(String id, JobWrite write) {
        try {
            return new Answer(client.updateItem(update -> update.tableName(table)
                            .key(key(id))
                            .updateExpression(write.update())
                            .conditionExpression(write.condition())
                            .expressionAttributeNames(write.names())
                            .expressionAttributeValues(write.values())
                            .returnValues(ReturnValue.ALL_NEW)
                            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                    .attributes());
        } catch (ConditionalCheckFailedException e) {
            return new Answer(e.item());
        }
    }

    private static Map<String, AttributeValue> key(String id) {
        return Map.of(JobItem.ID, fromS(id));
    }

    /** What stands in the table after an update: what it wrote, or what refused it. */
    private record Answer(Map<String, AttributeValue> item) {
        Optional<Job> job() {
            return item.isEmpty() ? Optional.empty() : Optional.of(JobItem.job(item));
        }
    }
}
