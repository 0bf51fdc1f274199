package io.breakwater.model;

import java.time.Duration;

/** Calls a model once. Never retries: whether to call again is the router's decision. */
public interface ModelClient {
    /**
     * Asks the endpoint and waits for the whole answer.
     *
     * @param timeout the longest this call may take, connection included
     * @return the reply, or the failure with its kind; failures of the call are values, not exceptions
     */
    ModelResult call(Endpoint endpoint, ModelRequest request, Duration timeout);
}
