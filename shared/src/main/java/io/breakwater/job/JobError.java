package io.breakwater.job;

import org.jspecify.annotations.Nullable;

/**
 * Why a job failed.
 *
 * @param code a stable word for programs: a {@link io.breakwater.model.FailureKind}, {@code UNAVAILABLE}, …
 * @param message what happened and what to do, for people; cut off after {@link #MAX_MESSAGE_CHARS}
 * @param retryAfterSeconds when a new attempt is worth making, where that is known
 */
public record JobError(
        String code, String message, @Nullable Long retryAfterSeconds) {
    public static final int MAX_MESSAGE_CHARS = 1_000;

    /** Of a job whose deadline passed first. */
    public static final JobError EXPIRED = new JobError("EXPIRED", "its deadline passed before it was served", null);

    /** The code of a job that is taken to be the cause of its workers' deaths. */
    public static final String CRASHED = "CRASHED";

    public static JobError crashed(int crashes) {
        return new JobError(CRASHED, crashes + " workers died while they had this job", null);
    }

    public JobError {
        if (message.length() > MAX_MESSAGE_CHARS) {
            boolean splitsAPair = Character.isHighSurrogate(message.charAt(MAX_MESSAGE_CHARS - 1));
            message = message.substring(0, splitsAPair ? MAX_MESSAGE_CHARS - 1 : MAX_MESSAGE_CHARS) + "…";
        }
    }
}
