package io.breakwater.breaker;

import io.breakwater.breaker.EndpointStatus.Hold;
import io.breakwater.breaker.EndpointStatus.RegionHealth;
import io.breakwater.breaker.EndpointStatus.State;
import io.breakwater.breaker.EndpointStatus.Window;
import io.breakwater.model.Endpoint;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A directory of endpoints that nothing ever happens to, but for overrides: for tests and for pipelines without a breaker. */
public final class InMemoryEndpointDirectory implements EndpointDirectory {
    private final List<Endpoint> endpoints;
    private final Function<Endpoint, List<String>> tiers;
    private final InstantSource clock;
    private final Instant since;
    private final Map<Endpoint, Hold> overrides = new ConcurrentHashMap<>();

    /**
     * @param tiers the names of the tiers that an endpoint serves
     */
    public InMemoryEndpointDirectory(
            List<Endpoint> endpoints, Function<Endpoint, List<String>> tiers, InstantSource clock) {
        this.endpoints = List.copyOf(endpoints);
        this.tiers = tiers;
        this.clock = clock;
        this.since = clock.instant();
    }

    @Override
    public List<EndpointStatus> list() {
        return endpoints.stream().map(this::status).toList();
    }

    @Override
    public Optional<EndpointStatus> find(Endpoint endpoint) {
        return endpoints.contains(endpoint) ? Optional.of(status(endpoint)) : Optional.empty();
    }

    @Override
    public EndpointStatus override(Endpoint endpoint, OverrideRequest request) {
        if (!endpoints.contains(endpoint)) {
            throw new NoSuchElementException("no endpoint " + endpoint);
        }
        if (request.state() == ForcedState.NONE) {
            overrides.remove(endpoint);
        } else {
            overrides.put(
                    endpoint,
                    new Hold(request.state(), request.reason(), clock.instant().plus(request.ttl())));
        }
        return status(endpoint);
    }

    private EndpointStatus status(Endpoint endpoint) {
        Hold override = current(overrides.get(endpoint));
        boolean open = override != null && override.state() == ForcedState.OPEN;
        return new EndpointStatus(
                endpoint.id(),
                endpoint.region(),
                endpoint.alias(),
                endpoint.model(),
                tiers.apply(endpoint),
                open ? State.OPEN : State.CLOSED,
                open ? "OVERRIDE" : null,
                0,
                since,
                null,
                null,
                new Window(0, 0),
                override,
                new RegionHealth(RegionHealth.State.HEALTHY, since, null),
                List.of());
    }

    private @Nullable Hold current(@Nullable Hold override) {
        return override != null && override.until().isAfter(clock.instant()) ? override : null;
    }
}
