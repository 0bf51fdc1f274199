package io.breakwater.local.simulator;

import java.util.Optional;

/** The ways in which a simulated call fails. */
enum FaultKind {
    THROTTLE(429, "ThrottlingException", "Too many requests, please wait before trying again."),
    DAILY_QUOTA(429, "ThrottlingException", "Too many tokens per day, please wait before trying again."),
    SERVER_ERROR(
            500,
            "InternalServerException",
            "The system encountered an unexpected error during processing. Try your request again."),
    UNAVAILABLE(503, "ServiceUnavailableException", "Bedrock is unable to process your request."),
    MODEL_TIMEOUT(
            408, "ModelTimeoutException", "Model has timed out in processing the request. Try your request again."),
    MODEL_ERROR(424, "ModelErrorException", "The request failed due to an error while processing the model."),
    MODEL_NOT_READY(
            429, "ModelNotReadyException", "Model is not ready for inference. Wait and try your request again."),
    END_OF_LIFE(
            404,
            "ResourceNotFoundException",
            "This model version has reached the end of its life. Please refer to the AWS documentation for more"
                    + " details."),
    ACCESS_DENIED(403, "AccessDeniedException", "You don't have access to the model with the specified model ID."),
    VALIDATION(400, "ValidationException", "Input is too long for requested model."),
    /** Holds the connection and says nothing. */
    STALL,
    /** Closes the connection and says nothing. */
    DROP,
    /** Answers 200 with a body that is not Converse's. */
    MALFORMED;

    private final int status;
    private final String type;
    private final String message;

    FaultKind() {
        this(0, "", "");
    }

    FaultKind(int status, String type, String message) {
        this.status = status;
        this.type = type;
        this.message = message;
    }

    /** What Bedrock says in this case; empty for faults of the connection or the body. */
    Optional<ErrorAnswer> answer() {
        return status == 0 ? Optional.empty() : Optional.of(new ErrorAnswer(status, type, message));
    }
}
