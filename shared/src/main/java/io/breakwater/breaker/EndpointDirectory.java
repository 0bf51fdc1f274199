package io.breakwater.breaker;

import io.breakwater.model.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The configured endpoints as the router sees them, for those who watch and operate the pipeline. */
public interface EndpointDirectory {
    /** Every endpoint in the chain's order, without history. */
    List<EndpointStatus> list();

    /** One endpoint with its history; empty when the chain does not have it. */
    Optional<EndpointStatus> find(Endpoint endpoint);

    /**
     * Forces an endpoint's breaker into a state, or lets go of it.
     *
     * @return the endpoint as it is now
     * @throws java.util.NoSuchElementException when the chain does not have it
     */
    EndpointStatus override(Endpoint endpoint, OverrideRequest request);

    /**
     * What an operator asks for.
     *
     * @param reason for those who read the history
     * @param ttl after which the breaker is its own master again; has no meaning with {@link ForcedState#NONE}
     */
    record OverrideRequest(ForcedState state, @Nullable String reason, Duration ttl) {
        /** A day: who needs longer takes the endpoint out of the configuration. */
        public static final Duration MAX_TTL = Duration.ofDays(1);

        public static final Duration DEFAULT_TTL = Duration.ofHours(1);

        public OverrideRequest {
            if (!ttl.isPositive() || ttl.compareTo(MAX_TTL) > 0) {
                throw new IllegalArgumentException("ttl must be above 0 and at most " + MAX_TTL + ", was " + ttl);
            }
        }
    }

    /** A state that an operator can ask for. */
    enum ForcedState {
        /** Refuse every call. */
        OPEN,
        /** Admit every call. */
        CLOSED,
        /** No forced state: the breaker decides. */
        NONE
    }
}
