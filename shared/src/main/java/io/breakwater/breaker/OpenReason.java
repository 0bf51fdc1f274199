package io.breakwater.breaker;

import io.breakwater.model.FailureKind;

/** Why a breaker opened. */
public enum OpenReason {
    /** The failure rate of the window reached the threshold. */
    FAILURE_RATE,
    /** The fleet failed several times with no success between. */
    CONSECUTIVE_FAILURES,
    /** A probe failed. */
    PROBE_FAILED,
    /** The day's token quota is used up. */
    DAILY_QUOTA,
    /** The credentials may not call the model. */
    ACCESS_DENIED,
    /** The model is unknown or retired. */
    END_OF_LIFE,
    /** The endpoint's region is unhealthy. */
    REGION,
    /** An operator forced it. */
    OPERATOR;

    /** Whether waiting will not help: the endpoint counts as DISABLED until someone acts. */
    public boolean disables() {
        return this == ACCESS_DENIED || this == END_OF_LIFE;
    }

    /** The reason that one failure of this kind is enough for, or {@code otherwise}. */
    static OpenReason forFailure(FailureKind kind, OpenReason otherwise) {
        return switch (kind) {
            case DAILY_QUOTA -> DAILY_QUOTA;
            case ACCESS_DENIED -> ACCESS_DENIED;
            case END_OF_LIFE -> END_OF_LIFE;
            case THROTTLED, TIMEOUT, SERVER_ERROR, MALFORMED, CALLER_FAULT -> otherwise;
        };
    }
}
