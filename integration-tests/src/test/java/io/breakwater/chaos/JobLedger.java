package io.breakwater.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What was written about jobs, seen on the way to DynamoDB: writes that were refused are not in it. */
final class JobLedger implements FaultyProxy.Witness {
    /** Values by which a job's update ends it; see {@code JobWrite}. */
    private static final List<String> ENDS = List.of(":succeeded", ":final", ":cancelled");

    private static final String CLAIM = "SET #status = :running";
    private static final String JOB_ID = "/Key/id/S";
    private static final String CLAIM_ID = "/ExpressionAttributeValues/:claimId/S";

    private final InstantSource clock;
    private final Map<String, List<String>> finalStatuses = new ConcurrentHashMap<>();
    private final Map<String, String> claimByHeldJob = new ConcurrentHashMap<>();
    private final Set<String> suspects = ConcurrentHashMap.newKeySet();
    private final AtomicInteger claims = new AtomicInteger();
    private volatile Instant lastEnd = Instant.MIN;

    JobLedger(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void answered(String operation, byte[] request, int status) {
        if (!operation.equals("UpdateItem") || status != 200) {
            return;
        }
        JsonNode update = parse(request);
        String expression = update.path("UpdateExpression").asText();
        if (expression.startsWith(CLAIM)) {
            claimed(update.at(JOB_ID).asText(), update.at(CLAIM_ID).asText());
        } else if (expression.startsWith("SET #status = ")) {
            claimByHeldJob.remove(update.at(JOB_ID).asText());
        }
        for (String end : ENDS) {
            if (expression.startsWith("SET #status = " + end)) {
                ended(
                        update.at(JOB_ID).asText(),
                        update.path("ExpressionAttributeValues")
                                .path(end)
                                .path("S")
                                .asText());
            }
        }
    }

    /** The claim that this request to DynamoDB makes, if it makes one. */
    static Optional<String> claimIn(byte[] request) {
        JsonNode update = parse(request);
        return update.path("UpdateExpression").asText().startsWith(CLAIM)
                ? Optional.of(update.at(CLAIM_ID).asText())
                : Optional.empty();
    }

    private void claimed(String job, String claim) {
        claims.incrementAndGet();
        if (claimByHeldJob.put(job, claim) != null) {
            suspects.add(job);
        }
    }

    /** Whether one of these claims holds a job that was claimed before and not given back. */
    boolean holdSuspect(Set<String> claims) {
        return suspects.stream().map(claimByHeldJob::get).anyMatch(claim -> claim != null && claims.contains(claim));
    }

    private static JsonNode parse(byte[] request) {
        try {
            return Json.MAPPER.readTree(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ended(String id, String status) {
        lastEnd = clock.instant();
        finalStatuses.computeIfAbsent(id, _ -> new CopyOnWriteArrayList<>()).add(status);
    }

    /** The final statuses that were written for each job, one after the other. */
    Map<String, List<String>> finalStatuses() {
        return Map.copyOf(finalStatuses);
    }

    int ended() {
        return finalStatuses.size();
    }

    /** When a job was last ended. */
    Instant lastEnd() {
        return lastEnd;
    }

    /** How often a worker took a job. */
    int claims() {
        return claims.get();
    }
}
