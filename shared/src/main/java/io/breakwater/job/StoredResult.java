package io.breakwater.job;

/**
 * Where a job's answer lies.
 *
 * @param key object key in the results bucket: {@code results/{id}/{claimId}}
 * @param contentType {@code text/plain; charset=utf-8}
 * @param bytes length of the answer
 * @param stopReason why the model stopped, in Converse's words
 */
public record StoredResult(String key, String contentType, long bytes, String stopReason) {}
