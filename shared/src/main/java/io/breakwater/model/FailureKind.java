package io.breakwater.model;

/** Why a model call gave no usable answer, as far as the breaker, the router and the job's owner need to know. */
public enum FailureKind {
    /** Per-minute request or token capacity is used up. Passes within a minute or so. */
    THROTTLED,
    /** The day's token quota is used up. Passes at midnight UTC. */
    DAILY_QUOTA,
    /** No answer in time: connect, read, or the model's own timeout. */
    TIMEOUT,
    /** The service failed: 5xx, dropped connection, service unavailable, model error or not ready. */
    SERVER_ERROR,
    /** The answer came but is no Converse answer. */
    MALFORMED,
    /** The request itself is at fault: validation, too-long input. Another endpoint would refuse it too. */
    CALLER_FAULT,
    /** These credentials may not call this model here. */
    ACCESS_DENIED,
    /** The model is unknown, retired, or was never there. */
    END_OF_LIFE;
}
