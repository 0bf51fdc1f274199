package io.breakwater.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.json.Json;

/**
 * What travels on the queue: a job's id and generation, no payload.
 *
 * @param suspect whether a worker died while it had the job, which may have been the cause: such a job is served last
 *     and alone
 */
public record JobMessage(
        String jobId,
        int generation,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean suspect) {
    private static final int SHOWN_CHARS = 100;

    /** A message of a job that has never been in a crash. */
    public JobMessage(String jobId, int generation) {
        this(jobId, generation, false);
    }

    /** The message of the job as it stands; one that no worker holds and that says RUNNING was left by a dead one. */
    public static JobMessage of(Job job) {
        return new JobMessage(job.id(), job.generation(), job.crashes() > 0 || job.status() == JobStatus.RUNNING);
    }

    /** The same of a job that may have been in a crash. */
    public JobMessage suspected() {
        return new JobMessage(jobId, generation, true);
    }

    /** The text that a queue carries: {@code {"jobId":"…","generation":0}}, and {@code "suspect":true} where it is. */
    public String body() {
        return Json.write(this);
    }

    /**
     * Reads what {@link #body} wrote. Fields that are unknown here are left to a newer version.
     *
     * @throws IllegalArgumentException when it is no such text, saying why
     */
    public static JobMessage parse(String body) {
        JsonNode message = json(body);
        JsonNode jobId = message.path("jobId");
        JsonNode generation = message.path("generation");
        if (!jobId.isTextual() || jobId.textValue().isEmpty()) {
            throw malformed(body, "jobId must be a text that is not empty");
        }
        if (!generation.isInt() || generation.intValue() < 0) {
            throw malformed(body, "generation must be an integer of at least 0");
        }
        return new JobMessage(
                jobId.textValue(),
                generation.intValue(),
                message.path("suspect").asBoolean());
    }

    private static JsonNode json(String body) {
        try {
            return Json.MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw malformed(body, "not JSON: " + e.getOriginalMessage());
        }
    }

    private static IllegalArgumentException malformed(String body, String why) {
        String shown = body.length() <= SHOWN_CHARS ? body : body.substring(0, SHOWN_CHARS) + "…";
        return new IllegalArgumentException("not a job's message, " + why + ": " + shown);
    }
}
