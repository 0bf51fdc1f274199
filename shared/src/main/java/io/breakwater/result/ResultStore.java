package io.breakwater.result;

import java.net.URI;
import java.time.Duration;

/** Objects of text in the results bucket: answers, prompts too large for a table item, and messages that name no job. */
public interface ResultStore {
    /** Where prompts too large for a table item go, as JSON; what is elsewhere is plain text. */
    String PROMPTS = "prompts/";

    /** Where the answers to jobs go. */
    String RESULTS = "results/";

    /** Where messages go that name no job, as JSON; they stay until an operator has seen to them. */
    String POISON = "poison/";

    /** What answers are, in the store and in the job that names them. */
    String RESULT_CONTENT_TYPE = "text/plain; charset=utf-8";

    /** The key of a job's answer; each claim has its own, so that a late worker overwrites nothing. */
    static String resultKey(String jobId, String claimId) {
        return RESULTS + jobId + "/" + claimId;
    }

    /** The key of a message that names no job, by its id in the queue; delivered twice, it is kept once. */
    static String poisonKey(String messageId) {
        return POISON + messageId;
    }

    /** Stores the text in UTF-8, in place of what was there. */
    void put(String key, String text);

    /**
     * The text stored under the key.
     *
     * @throws java.util.NoSuchElementException when there is no such object
     */
    String get(String key);

    /** A URL by which anyone who holds it may read the object for this long. */
    URI presign(String key, Duration validity);
}
