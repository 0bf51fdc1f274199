package io.breakwater.routing;

import io.breakwater.breaker.Counts;
import io.breakwater.breaker.OpenReason;
import io.breakwater.breaker.StateOverride;
import io.breakwater.breaker.Transition;
import io.breakwater.model.Endpoint;
import io.breakwater.routing.EndpointStatus.Calls;
import io.breakwater.routing.EndpointStatus.Hold;
import io.breakwater.routing.EndpointStatus.RegionHealth;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Endpoints that nothing ever happens to, overrides aside: for tests, and for pipelines without a breaker. */
public final class InMemoryEndpointDirectory implements EndpointDirectory {
    private final List<Endpoint> endpoints;
    private final Function<Endpoint, List<String>> tiers;
    private final InstantSource clock;
    private final Map<Endpoint, Hold> holds = new ConcurrentHashMap<>();
    private final Map<Endpoint, Transition> latest = new ConcurrentHashMap<>();

    /** A directory of these endpoints, each serving the tiers that {@code tiers} names. */
    public InMemoryEndpointDirectory(
            List<Endpoint> endpoints, Function<Endpoint, List<String>> tiers, InstantSource clock) {
        this.endpoints = List.copyOf(endpoints);
        this.tiers = tiers;
        this.clock = clock;
    }

    @Override
    public List<EndpointStatus> list() {
        return endpoints.stream().map(endpoint -> status(endpoint, List.of())).toList();
    }

    @Override
    public Optional<EndpointStatus> find(Endpoint endpoint) {
        return endpoints.contains(endpoint)
                ? Optional.of(status(
                        endpoint,
                        Optional.ofNullable(latest.get(endpoint)).stream().toList()))
                : Optional.empty();
    }

    @Override
    public EndpointStatus override(Endpoint endpoint, StateOverride override) {
        String before = find(endpoint)
                .orElseThrow(() -> new NoSuchElementException("no endpoint " + endpoint))
                .state();
        switch (override) {
            case StateOverride.ForceOpen(String reason, Instant until) ->
                holds.put(endpoint, new Hold("OPEN", reason, until));
            case StateOverride.ForceClosed(String reason, Instant until) ->
                holds.put(endpoint, new Hold("CLOSED", reason, until));
            case StateOverride.Lift() -> holds.remove(endpoint);
        }
        latest.compute(endpoint, (_, previous) -> transition(previous, before, state(hold(endpoint))));
        return find(endpoint).orElseThrow();
    }

    private Transition transition(@Nullable Transition previous, String from, String to) {
        long epoch = previous == null ? 1 : previous.epoch() + 1;
        return new Transition(epoch, clock.instant(), from, to, null, OpenReason.OPERATOR.name(), null, null, null);
    }

    private EndpointStatus status(Endpoint endpoint, List<Transition> history) {
        Hold hold = hold(endpoint);
        boolean open = state(hold).equals("OPEN");
        Transition last = latest.get(endpoint);
        return new EndpointStatus(
                endpoint.id(),
                endpoint.region(),
                endpoint.alias(),
                endpoint.model(),
                tiers.apply(endpoint),
                state(hold),
                open ? OpenReason.OPERATOR.name() : null,
                open && hold != null ? hold.reason() : null,
                last == null ? 0 : last.epoch(),
                last == null ? Instant.EPOCH : last.at(),
                open && hold != null ? hold.until() : null,
                null,
                Calls.of(Counts.NONE),
                hold,
                RegionHealth.HEALTHY,
                history);
    }

    private static String state(@Nullable Hold hold) {
        return hold == null ? "CLOSED" : hold.state();
    }

    private @Nullable Hold hold(Endpoint endpoint) {
        Hold hold = holds.get(endpoint);
        return hold != null && hold.until().isAfter(clock.instant()) ? hold : null;
    }
}
