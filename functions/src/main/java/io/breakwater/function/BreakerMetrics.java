package io.breakwater.function;

import io.breakwater.breaker.Admission;
import io.breakwater.breaker.BreakerListener;
import io.breakwater.breaker.Counts;
import io.breakwater.breaker.Transition;
import io.breakwater.health.RegionHealth;
import io.breakwater.model.Endpoint;
import io.breakwater.pacing.Measure;
import io.breakwater.pacing.Pace;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What becomes of breakers and regions, as CloudWatch metrics. Safe for use by many threads; never fails its caller. */
final class BreakerMetrics implements BreakerListener {
    private static final String ENDPOINT = "Endpoint";
    private static final String REGION = "Region";

    private final MetricLines lines;

    BreakerMetrics(MetricLines lines) {
        this.lines = lines;
    }

    @Override
    public void on(Notice notice) {
        String id = notice.endpoint().id();
        switch (notice) {
            case Notice.Moved moved ->
                lines.write(ENDPOINT, id, names(moved.transition()), details(moved.transition()));
            case Notice.StoreLost lost ->
                lines.write(
                        ENDPOINT,
                        id,
                        Map.of("BreakerStoreLost", 1),
                        Map.of("cause", lost.cause().toString()));
            case Notice.CountsDropped dropped -> {
                Counts counts = dropped.counts();
                lines.write(
                        ENDPOINT,
                        id,
                        Map.of("BreakerCountsDropped", Math.max(counts.calls(), counts.failures())),
                        Map.of("failures", counts.failures()));
            }
            case Notice.WouldRefuse would -> {
                Admission.Refusal refusal = would.refusal();
                lines.write(ENDPOINT, id, Map.of("WouldRefuse", 1), Map.of("state", refusal.state()));
            }
            case Notice.StoreFound _, Notice.StillOpen _ -> {}
        }
    }

    /** Told of a region that this worker moved. */
    void on(RegionHealth health) {
        lines.write(
                REGION,
                health.region(),
                Map.of("RegionUnhealthy", health.isHealthy() ? 0 : 1),
                Map.of("reason", health.reason(), "epoch", health.epoch()));
    }

    /** Told of a pace that this worker cut. */
    void on(Endpoint endpoint, Measure measure, Pace pace) {
        String name = switch (measure) {
            case REQUESTS -> "RequestPace";
            case TOKENS -> "TokenPace";
        };
        int perMinute = (int) Math.min(Integer.MAX_VALUE, Math.round(pace.perMinute()));
        lines.write(ENDPOINT, endpoint.id(), Map.of(name, perMinute), Map.of());
    }

    private static Map<String, Integer> names(Transition transition) {
        return switch (transition.to()) {
            case "OPEN" -> Map.of("BreakerTransition", 1, "BreakerOpened", 1);
            case "DISABLED" -> Map.of("BreakerTransition", 1, "BreakerOpened", 1, "EndpointDisabled", 1);
            default -> Map.of("BreakerTransition", 1);
        };
    }

    private static Map<String, Object> details(Transition transition) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("from", transition.from());
        details.put("to", transition.to());
        details.put("reason", transition.reason());
        details.put("epoch", transition.epoch());
        putIfKnown(details, "calls", transition.calls());
        putIfKnown(details, "failures", transition.failures());
        return details;
    }

    private static void putIfKnown(Map<String, Object> details, String name, @Nullable Object value) {
        if (value != null) {
            details.put(name, value);
        }
    }
}
