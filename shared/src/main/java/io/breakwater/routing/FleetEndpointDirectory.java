package io.breakwater.routing;

import io.breakwater.breaker.BreakerState;
import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.BreakerState.HalfOpen;
import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.breaker.BreakerStore;
import io.breakwater.breaker.Counts;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.OpenReason;
import io.breakwater.breaker.StateOverride;
import io.breakwater.breaker.Transition;
import io.breakwater.health.RegionRegistry;
import io.breakwater.model.Endpoint;
import io.breakwater.pacing.PaceInForce;
import io.breakwater.routing.EndpointStatus.Calls;
import io.breakwater.routing.EndpointStatus.Hold;
import io.breakwater.routing.EndpointStatus.Pace;
import io.breakwater.routing.EndpointStatus.Region;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The chain's endpoints as the fleet's breakers, its paces and its region registry have them at the moment of asking. */
public final class FleetEndpointDirectory implements EndpointDirectory {
    private final Chain chain;
    private final FleetBreaker breaker;
    private final BreakerStore store;
    private final RegionRegistry regions;
    private final Function<Endpoint, Optional<PaceInForce>> paces;
    private final InstantSource clock;

    /**
     * A directory.
     *
     * @param paces asked after the breaker, and only for those who ask here
     */
    public FleetEndpointDirectory(
            Chain chain,
            FleetBreaker breaker,
            BreakerStore store,
            RegionRegistry regions,
            Function<Endpoint, Optional<PaceInForce>> paces,
            InstantSource clock) {
        this.chain = chain;
        this.breaker = breaker;
        this.store = store;
        this.regions = regions;
        this.paces = paces;
        this.clock = clock;
    }

    @Override
    public List<EndpointStatus> list() {
        return chain.endpoints().stream()
                .map(endpoint -> status(endpoint, breaker.state(endpoint), List.of()))
                .toList();
    }

    @Override
    public Optional<EndpointStatus> find(Endpoint endpoint) {
        return Optional.of(endpoint)
                .filter(chain.endpoints()::contains)
                .map(found -> withHistory(found, breaker.state(found)));
    }

    @Override
    public EndpointStatus override(Endpoint endpoint, StateOverride override) {
        if (!chain.endpoints().contains(endpoint)) {
            throw new NoSuchElementException("the chain has no endpoint " + endpoint);
        }
        return withHistory(endpoint, breaker.override(endpoint, override));
    }

    private EndpointStatus withHistory(Endpoint endpoint, BreakerState state) {
        return status(endpoint, state, store.history(endpoint.id(), BreakerStore.HISTORY_KEPT));
    }

    private EndpointStatus status(Endpoint endpoint, BreakerState state, List<Transition> history) {
        Optional<Open> open = state instanceof Open it ? Optional.of(it) : Optional.empty();
        return new EndpointStatus(
                endpoint.id(),
                endpoint.region(),
                endpoint.alias(),
                endpoint.model(),
                tiers(endpoint),
                state.name(),
                reason(state),
                open.map(Open::detail).orElse(null),
                state.epoch(),
                state.epoch() == 0 ? null : state.since(),
                open.map(Open::until).orElse(null),
                state instanceof HalfOpen halfOpen ? halfOpen.slots().size() : null,
                Calls.of(state instanceof Closed closed ? breaker.lastWindow(closed) : Counts.NONE),
                paces.apply(endpoint).map(Pace::of).orElse(null),
                hold(state),
                Region.of(regions.health(endpoint.region())),
                history);
    }

    private List<String> tiers(Endpoint endpoint) {
        return chain.tiers().stream()
                .filter(tier -> tier.endpoints().contains(endpoint))
                .map(Tier::name)
                .toList();
    }

    private static @Nullable String reason(BreakerState state) {
        return switch (state) {
            case Closed _ -> null;
            case Open open -> open.reason().name();
            case HalfOpen halfOpen -> halfOpen.reason().name();
        };
    }

    private @Nullable Hold hold(BreakerState state) {
        Instant now = clock.instant();
        return switch (state) {
            case Closed closed
            when closed.isPinned(now) ->
                closed.pinned()
                        .map(pin -> new Hold("CLOSED", pin.reason(), pin.until()))
                        .orElse(null);
            case Open open
            when open.reason() == OpenReason.OPERATOR && now.isBefore(open.until()) ->
                new Hold("OPEN", open.detail(), open.until());
            default -> null;
        };
    }
}
