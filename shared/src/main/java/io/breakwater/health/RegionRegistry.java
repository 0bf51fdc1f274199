package io.breakwater.health;

import io.breakwater.breaker.BreakerListener;
import io.breakwater.breaker.BreakerState;
import io.breakwater.breaker.BreakerState.Closed;
import io.breakwater.breaker.BreakerState.HalfOpen;
import io.breakwater.breaker.BreakerState.Open;
import io.breakwater.breaker.BreakerStore;
import io.breakwater.breaker.OpenReason;
import io.breakwater.model.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker's part in judging the regions, safe for use by many threads.
 *
 * <p>An unhealthy region's closed endpoints are opened, with {@link OpenReason#REGION}, so the router needs no eye for
 * regions: it finds their breakers open, and when a cooldown is over it is probes that look whether the region is back,
 * one endpoint at a time by the stages of each, even if every region is unhealthy.
 *
 * <p>A region is judged by {@link RegionRule}, from consistent reads, once an endpoint's transition is in the store: of
 * two workers whose endpoints open together, whoever reads last sees both. It is judged again whenever a worker hears
 * that an endpoint is still open, and each judgement opens what an unhealthy region has closed, whoever found it
 * unhealthy: so a worker that dies between two of these steps leaves nothing undone for longer than that. Writes name the
 * epoch that they saw; who loses judges again what won.
 *
 * <p>Of a region whose endpoints are all closed again nobody hears anything more. If the last recovery's judgement was
 * lost, {@link #health} makes up for it: an unhealthy region is judged before anyone is told that it is.
 *
 * <p>Judging never fails its caller: what the store does not answer is left to the next refresh.
 */
public final class RegionRegistry implements BreakerListener {
    /** How long {@link #health} goes by what was last heard. */
    static final Duration FRESHNESS = Duration.ofSeconds(5);

    /** Transitions in a row, of any worker's making, after which a region is left to the next refresh. */
    private static final int MAX_TRIES = 5;

    private static final Logger LOG = LoggerFactory.getLogger(RegionRegistry.class);

    private final List<Endpoint> endpoints;
    private final RegionRule rule;
    private final BreakerStore breakers;
    private final RegionStore regions;
    private final InstantSource clock;
    private final BiConsumer<Endpoint, String> loseRegion;
    private final Consumer<RegionHealth> moved;
    private final Map<String, Heard> heard = new ConcurrentHashMap<>();

    private record Heard(RegionHealth health, Instant at) {
        boolean isFresh(Instant now) {
            return !now.isBefore(at) && now.isBefore(at.plus(FRESHNESS));
        }
    }

    /**
     * Creates a registry that has judged nothing yet.
     *
     * @param endpoints all that the fleet calls, of every region
     * @param loseRegion opens an endpoint if it is closed, because its region is unhealthy, for the reason given
     * @param moved hears of each transition that this worker made: once for each of the fleet
     */
    public RegionRegistry(
            List<Endpoint> endpoints,
            RegionRule rule,
            BreakerStore breakers,
            RegionStore regions,
            InstantSource clock,
            BiConsumer<Endpoint, String> loseRegion,
            Consumer<RegionHealth> moved) {
        this.endpoints = List.copyOf(endpoints);
        this.rule = rule;
        this.breakers = breakers;
        this.regions = regions;
        this.clock = clock;
        this.loseRegion = loseRegion;
        this.moved = moved;
    }

    /** The region's health, at most a few seconds old; what was last heard while the store cannot be reached. */
    public RegionHealth health(String region) {
        Heard last = heard.get(region);
        if (last != null && last.isFresh(clock.instant())) {
            return last.health();
        }
        try {
            RegionHealth found = regions.read(region);
            return found.isHealthy() ? hear(found) : judge(found);
        } catch (RuntimeException e) {
            LOG.warn("the health of region {} cannot be read: {}", region, e.toString());
            return last == null ? RegionHealth.initial(region) : last.health();
        }
    }

    @Override
    public void on(Notice notice) {
        if (bearsOnRegion(notice)) {
            judge(notice.endpoint().region());
        }
    }

    /**
     * Whether the notice can change what its region is, or find what was left undone. An open endpoint whose cooldown is
     * over is passed by: its caller is about to probe it, under a lease that must not run out here, and where the probe
     * moves it is judged.
     */
    private boolean bearsOnRegion(Notice notice) {
        return switch (notice) {
            case Notice.Moved moved ->
                switch (moved.state()) {
                    case Closed _ -> true;
                    case Open open -> open.reason() != OpenReason.REGION;
                    case HalfOpen _ -> false;
                };
            case Notice.StillOpen stillOpen ->
                clock.instant().isBefore(stillOpen.state().until());
            default -> false;
        };
    }

    private void judge(String region) {
        try {
            judge(regions.read(region));
        } catch (RuntimeException e) {
            LOG.warn("region {} is judged later: {}", region, e.toString());
        }
    }

    /** Moves it on until it is what its endpoints make it; what stands then, as far as the store answers. */
    private RegionHealth judge(RegionHealth found) {
        RegionHealth known = found;
        try {
            for (int tries = 0; tries < MAX_TRIES; tries++) {
                Map<Endpoint, BreakerState> states = states(known.region());
                RegionHealth judged = rule.judge(known, states, Instant.ofEpochMilli(clock.millis()));
                if (judged.equals(known)) {
                    openClosed(known, states);
                    break;
                }
                known = written(known, judged);
            }
        } catch (RuntimeException e) {
            LOG.warn("region {} is judged later: {}", known.region(), e.toString());
        }
        return hear(known);
    }

    private Map<Endpoint, BreakerState> states(String region) {
        Map<Endpoint, BreakerState> states = new LinkedHashMap<>();
        endpoints.stream()
                .filter(endpoint -> endpoint.region().equals(region))
                .forEach(endpoint ->
                        states.put(endpoint, breakers.read(endpoint.id()).state()));
        return states;
    }

    /** Writes the transition; what stands then. */
    private RegionHealth written(RegionHealth before, RegionHealth next) {
        RegionStore.Answer answer = regions.write(next);
        if (answer.made()) {
            LOG.warn(
                    "region {} {} → {}: {}, epoch {}",
                    next.region(),
                    before.state(),
                    next.state(),
                    next.reason(),
                    next.epoch());
            moved.accept(next);
        }
        return answer.health();
    }

    private void openClosed(RegionHealth health, Map<Endpoint, BreakerState> states) {
        if (health.isHealthy()) {
            return;
        }
        states.forEach((endpoint, state) -> {
            if (state instanceof Closed closed && !closed.isPinned(clock.instant())) {
                loseRegion.accept(endpoint, "region " + health.region() + " is unhealthy: " + health.reason());
            }
        });
    }

    private RegionHealth hear(RegionHealth health) {
        heard.put(health.region(), new Heard(health, clock.instant()));
        return health;
    }
}
