package io.breakwater.model;

import java.time.Duration;

/** Calls a model once. Never retries: whether to call again is the router's decision. */
public interface ModelClient {
    /**
     * Asks the endpoint and waits for the whole answer.
     *
     * @param timeout the longest this call may take, connection included; positive
     * @return the reply, or the failure with its kind; failures of the call are values, not exceptions
     * @throws java.util.concurrent.CancellationException when this thread is interrupted, which says nothing about the
     *     endpoint; the thread stays interrupted
     */
    ModelResult call(Endpoint endpoint, ModelRequest request, Duration timeout);
}
