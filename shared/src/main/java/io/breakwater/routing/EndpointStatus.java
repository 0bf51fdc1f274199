package io.breakwater.routing;

import io.breakwater.breaker.BreakerState;
import io.breakwater.breaker.Counts;
import io.breakwater.breaker.OpenReason;
import io.breakwater.breaker.Transition;
import io.breakwater.health.RegionHealth;
import io.breakwater.pacing.Measure;
import io.breakwater.pacing.PaceInForce;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint does: its breaker, the fleet's calls to it and their pace, and its region. Its JSON is the API's {@code Endpoint}.
 *
 * @param endpoint the endpoint's id, {@code region/modelId}
 * @param model the model's alias, by which API paths name it
 * @param tiers names of the tiers that it serves, in the chain's order
 * @param state {@link BreakerState#name()}
 * @param reason the {@link OpenReason} for which it is not CLOSED
 * @param detail what the service or an operator said
 * @param epoch counts transitions
 * @param since when it came into this state; null when it was never in another
 * @param retryAt when it next lets a probe through, while it is OPEN or DISABLED
 * @param stage probes of the current stage of recovery, while it is HALF_OPEN
 * @param pace null while the fleet keeps to none
 * @param override an operator's forced state, while it holds
 * @param history its transitions, newest first; empty in listings
 */
public record EndpointStatus(
        String endpoint,
        String region,
        String model,
        String modelId,
        List<String> tiers,
        String state,
        @Nullable String reason,
        @Nullable String detail,
        long epoch,
        @Nullable Instant since,
        @Nullable Instant retryAt,
        @Nullable Integer stage,
        Calls window,
        @Nullable Pace pace,
        @Nullable Hold override,
        Region regionHealth,
        List<Transition> history) {
    public EndpointStatus {
        tiers = List.copyOf(tiers);
        history = List.copyOf(history);
    }

    /** The fleet's calls within the breaker's window. */
    public record Calls(int calls, int failures, double failureRate) {
        public static Calls of(Counts counts) {
            return new Calls(counts.calls(), counts.failures(), counts.failureRate());
        }
    }

    /**
     * How fast the fleet calls it at most; a limit that is null is none.
     *
     * @param demandPerMinute calls that the fleet wants to make, let through or not
     * @param since when throttles last cut it; null while a configured quota alone limits it
     */
    public record Pace(
            @Nullable Long requestsPerMinute,
            @Nullable Long tokensPerMinute,
            long demandPerMinute,
            @Nullable Instant since) {
        public static Pace of(PaceInForce pace) {
            return new Pace(
                    perMinute(pace, Measure.REQUESTS),
                    perMinute(pace, Measure.TOKENS),
                    Math.round(pace.demandPerMinute()),
                    pace.cutAt().orElse(null));
        }

        private static @Nullable Long perMinute(PaceInForce pace, Measure measure) {
            OptionalDouble perMinute = pace.perMinute(measure);
            return perMinute.isPresent() ? Math.round(perMinute.getAsDouble()) : null;
        }
    }

    /**
     * An operator's forced state.
     *
     * @param state {@code OPEN} or {@code CLOSED}
     * @param until when the breaker is its own master again
     */
    public record Hold(String state, String reason, Instant until) {}

    /**
     * Whether the endpoint's region is fit for traffic.
     *
     * @param state {@code HEALTHY} or {@code UNHEALTHY}
     * @param since null when it was never in another
     * @param reason what it was judged by
     */
    public record Region(
            String state, @Nullable Instant since, @Nullable String reason) {
        public static Region of(RegionHealth health) {
            return health.epoch() == 0
                    ? new Region(health.state().name(), null, null)
                    : new Region(health.state().name(), health.since(), health.reason());
        }
    }
}
