package io.breakwater.breaker;

import io.breakwater.breaker.EndpointDirectory.ForcedState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint does: its breaker, the fleet's calls to it, and its region. Its JSON is the API's {@code Endpoint}.
 *
 * @param endpoint the endpoint's id, {@code region/modelId}
 * @param model the model's alias, by which API paths name it
 * @param tiers names of the tiers that it serves, in the chain's order
 * @param reason why it is not CLOSED
 * @param epoch counts transitions
 * @param since when it came into this state
 * @param retryAt when it next lets a probe through, while it is OPEN or DISABLED
 * @param stage probes of the current stage of recovery, while it is HALF_OPEN
 * @param override an operator's forced state, while it holds
 * @param history its transitions, newest first; empty in listings
 */
public record EndpointStatus(
        String endpoint,
        String region,
        String model,
        String modelId,
        List<String> tiers,
        State state,
        @Nullable String reason,
        long epoch,
        Instant since,
        @Nullable Instant retryAt,
        @Nullable Integer stage,
        Window window,
        @Nullable Hold override,
        RegionHealth regionHealth,
        List<Transition> history) {
    public EndpointStatus {
        tiers = List.copyOf(tiers);
        history = List.copyOf(history);
    }

    /** Where a breaker is. */
    public enum State {
        /** Calls go through. */
        CLOSED,
        /** No call goes through. */
        OPEN,
        /** As many calls go through as the stage has probes. */
        HALF_OPEN,
        /** No call can succeed: access is denied, or the model is unknown or retired. */
        DISABLED
    }

    /**
     * The fleet's calls within the breaker's window.
     *
     * @param failureRate failures / calls, 0 when there are none
     */
    public record Window(int calls, int failures, double failureRate) {
        public Window(int calls, int failures) {
            this(calls, failures, calls == 0 ? 0 : (double) failures / calls);
        }
    }

    /** An operator's forced state, until it expires. */
    public record Hold(ForcedState state, @Nullable String reason, Instant until) {}

    /** Whether the endpoint's region is fit for traffic. */
    public record RegionHealth(
            State state, Instant since, @Nullable String reason) {
        /** What a region can be. */
        public enum State {
            HEALTHY,
            UNHEALTHY
        }
    }

    /** A change of the breaker's state, with the epoch that it began. */
    public record Transition(
            Instant at,
            State from,
            State to,
            long epoch,
            @Nullable String reason) {}
}
