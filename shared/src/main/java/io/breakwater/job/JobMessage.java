package io.breakwater.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.json.Json;

/** What travels on the queue: a job's id and generation, no payload. */
public record JobMessage(String jobId, int generation) {
    private static final int SHOWN_CHARS = 100;

    /** The text that a queue carries: {@code {"jobId":"…","generation":0}}. */
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
        return new JobMessage(jobId.textValue(), generation.intValue());
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
