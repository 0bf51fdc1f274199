package io.breakwater.job;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.json.Json;
import io.breakwater.result.ResultStore;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Where a job's request is kept: in its item, or in an object when it is large. Every write to an item is paid for by
 * the item's whole size, so a prompt of more than {@link #MAX_INLINE_BYTES} costs less as one object than carried along
 * by three writes.
 */
final class StoredRequest {
    static final int MAX_INLINE_BYTES = 4 * 1024;

    private final ResultStore objects;

    StoredRequest(ResultStore objects) {
        this.objects = objects;
    }

    /**
     * Stores the request and returns the attribute that leads to it. An object's key has the request's hash in it:
     * another body sent under the same Idempotency-Key must not replace the prompt of the job that is there.
     */
    Map<String, AttributeValue> write(Job job, JobRequest request) {
        String json = withoutMetadata(request);
        if (json.getBytes(StandardCharsets.UTF_8).length <= MAX_INLINE_BYTES) {
            return Map.of(JobItem.REQUEST, fromS(json));
        }
        String key = ResultStore.PROMPTS + job.id() + "/" + job.bodyHash();
        objects.put(key, json);
        return Map.of(JobItem.REQUEST_KEY, fromS(key));
    }

    JobRequest read(Map<String, AttributeValue> item) {
        String json = item.containsKey(JobItem.REQUEST_KEY)
                ? objects.get(JobItem.text(item, JobItem.REQUEST_KEY))
                : JobItem.text(item, JobItem.REQUEST);
        ObjectNode request = Json.read(json, ObjectNode.class);
        request.set("metadata", Json.MAPPER.valueToTree(JobItem.metadata(item)));
        return Json.MAPPER.convertValue(request, JobRequest.class);
    }

    private static String withoutMetadata(JobRequest request) {
        ObjectNode json = Json.MAPPER.valueToTree(request);
        json.remove("metadata");
        return Json.write(json);
    }
}
