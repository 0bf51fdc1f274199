package io.breakwater.job;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.breakwater.json.Json;
import io.breakwater.model.Usage;
import io.breakwater.topology.TableSpec;
import io.breakwater.topology.Topology;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A job as attributes of one DynamoDB item, named as the components of {@link Job}. Numbers are numbers, instants are
 * numbers of milliseconds since the epoch, and what has parts of its own is JSON text: its keys can be a user's, and
 * DynamoDB has rules for names. Beside them stand
 *
 * <ul>
 *   <li>{@code request}, JSON text without the metadata, or {@code requestKey}, the object that holds it;
 *   <li>{@code openClaims}, 1 while a claim has not been ended and 0 otherwise: the next claim adds it to
 *       {@code crashes}, so that one update serves a first claim and a takeover;
 *   <li>{@code createdAtAndId}, the order in which a tenant's jobs are listed;
 *   <li>{@code dueAt} as text, which sorts as time does, and {@code dueShard}: both only while the job is not final, so
 *       that the index of what is due holds no other;
 *   <li>{@code expiresAt}, for DynamoDB's TTL, in seconds since the epoch.
 * </ul>
 */
final class JobItem {
    static final TableSpec.Index BY_TENANT = Topology.JOBS_BY_TENANT;
    static final TableSpec.Index BY_DUE = Topology.JOBS_BY_DUE;

    static final String ID = Topology.JOBS.partitionKey();
    static final String TENANT = BY_TENANT.partitionKey();
    static final String ORDER = BY_TENANT.sortKey();
    static final String DUE_SHARD = BY_DUE.partitionKey();
    static final String DUE_AT = BY_DUE.sortKey();
    static final String EXPIRES_AT = Topology.JOBS.ttlAttribute();
    static final String STATUS = "status";
    static final String CREATED_AT = "createdAt";
    static final String UPDATED_AT = "updatedAt";
    static final String DEADLINE = "deadline";
    static final String GENERATION = "generation";
    static final String CRASHES = "crashes";
    static final String OPEN_CLAIMS = "openClaims";
    static final String CLAIM_ID = "claimId";
    static final String LEASE_UNTIL = "leaseUntil";
    static final String SENT_AT = "sentAt";
    static final String RESENDS = "resends";
    static final String BODY_HASH = "bodyHash";
    static final String ATTEMPTS = "attempts";
    static final String SERVED_BY = "servedBy";
    static final String DEGRADATION = "degradation";
    static final String USAGE = "usage";
    static final String NOT_BEFORE = "notBefore";
    static final String RESULT = "result";
    static final String ERROR = "error";
    static final String METADATA = "metadata";
    static final String REQUEST = "request";
    static final String REQUEST_KEY = "requestKey";

    /** Always three decimals, so that text sorts as time does. */
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private JobItem() {}

    /** A job that was just accepted, its request aside. */
    static Map<String, AttributeValue> of(Job job) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put(ID, fromS(job.id()));
        item.put(TENANT, fromS(job.tenant()));
        item.put(ORDER, fromS(order(job)));
        item.put(EXPIRES_AT, number(expiry(job.deadline()).getEpochSecond()));
        item.put(STATUS, fromS(job.status().name()));
        item.put(CREATED_AT, time(job.createdAt()));
        item.put(UPDATED_AT, time(job.updatedAt()));
        item.put(DEADLINE, time(job.deadline()));
        item.put(GENERATION, number(job.generation()));
        item.put(CRASHES, number(job.crashes()));
        item.put(OPEN_CLAIMS, number(0));
        item.put(SENT_AT, time(job.sentAt()));
        item.put(RESENDS, number(job.resends()));
        if (job.dueAt() != null) {
            item.put(DUE_SHARD, fromS(shardName(shard(job.id()))));
            item.put(DUE_AT, sortable(job.dueAt()));
        }
        item.put(BODY_HASH, fromS(job.bodyHash()));
        item.put(ATTEMPTS, json(job.attempts()));
        item.put(METADATA, json(job.metadata()));
        return item;
    }

    static Job job(Map<String, AttributeValue> item) {
        return new Job(
                text(item, ID),
                text(item, TENANT),
                JobStatus.valueOf(text(item, STATUS)),
                time(item, CREATED_AT),
                time(item, UPDATED_AT),
                time(item, DEADLINE),
                Math.toIntExact(number(item, GENERATION)),
                Math.toIntExact(number(item, CRASHES)),
                item.containsKey(CLAIM_ID) ? text(item, CLAIM_ID) : null,
                item.containsKey(LEASE_UNTIL) ? time(item, LEASE_UNTIL) : null,
                time(item, SENT_AT),
                Math.toIntExact(number(item, RESENDS)),
                item.containsKey(DUE_AT) ? Instant.parse(text(item, DUE_AT)) : null,
                text(item, BODY_HASH),
                List.of(json(item, ATTEMPTS, Attempt[].class)),
                optionalJson(item, SERVED_BY, ServedBy.class),
                optionalJson(item, DEGRADATION, Degradation.class),
                optionalJson(item, USAGE, Usage.class),
                item.containsKey(NOT_BEFORE) ? time(item, NOT_BEFORE) : null,
                optionalJson(item, RESULT, StoredResult.class),
                optionalJson(item, ERROR, JobError.class),
                metadata(item));
    }

    @SuppressWarnings("unchecked")
    static Map<String, String> metadata(Map<String, AttributeValue> item) {
        return json(item, METADATA, Map.class);
    }

    /** Whether the item is one that the TTL will remove and may have left lying for days. */
    static boolean isExpired(Map<String, AttributeValue> item, Instant now) {
        return number(item, EXPIRES_AT) <= now.getEpochSecond();
    }

    static String order(Job job) {
        return MILLIS.format(job.createdAt()) + "#" + job.id();
    }

    /** The id in the order that {@link #order} made. */
    static String idIn(String order) {
        return order.substring(order.indexOf('#') + 1);
    }

    /** The part of the index of what is due that the job is in. */
    static int shard(String id) {
        return Math.floorMod(id.hashCode(), Topology.DUE_SHARDS);
    }

    static String shardName(int shard) {
        return Integer.toString(shard);
    }

    static AttributeValue sortable(Instant time) {
        return fromS(MILLIS.format(time));
    }

    private static Instant expiry(Instant deadline) {
        return deadline.plus(JobStore.KEPT_AFTER_DEADLINE);
    }

    static AttributeValue number(long value) {
        return fromN(Long.toString(value));
    }

    static AttributeValue time(Instant time) {
        return number(time.toEpochMilli());
    }

    static AttributeValue json(Object value) {
        return fromS(Json.write(value));
    }

    static String text(Map<String, AttributeValue> item, String name) {
        return required(item, name).s();
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        return Long.parseLong(required(item, name).n());
    }

    private static Instant time(Map<String, AttributeValue> item, String name) {
        return Instant.ofEpochMilli(number(item, name));
    }

    private static <T> T json(Map<String, AttributeValue> item, String name, Class<T> type) {
        return Json.read(text(item, name), type);
    }

    private static <T> @Nullable T optionalJson(Map<String, AttributeValue> item, String name, Class<T> type) {
        return item.containsKey(name) ? json(item, name, type) : null;
    }

    private static AttributeValue required(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw new IllegalStateException("a job's item lacks " + name + ", it has " + item.keySet());
        }
        return value;
    }
}
