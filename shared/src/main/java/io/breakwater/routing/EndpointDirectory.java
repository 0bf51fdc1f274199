package io.breakwater.routing;

import io.breakwater.breaker.StateOverride;
import io.breakwater.model.Endpoint;
import java.util.List;
import java.util.Optional;

/** The configured endpoints as the router sees them, for those who watch and operate the pipeline. */
public interface EndpointDirectory {
    /** Every endpoint in the chain's order, without history. */
    List<EndpointStatus> list();

    /** One endpoint with its history; empty when the chain does not have it. */
    Optional<EndpointStatus> find(Endpoint endpoint);

    /**
     * Forces an endpoint's breaker into a state, or lets go of it.
     *
     * @return the endpoint as it is then
     * @throws java.util.NoSuchElementException when the chain does not have it
     */
    EndpointStatus override(Endpoint endpoint, StateOverride override);
}
