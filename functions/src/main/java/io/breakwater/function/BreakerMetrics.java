package io.breakwater.function;

import io.breakwater.breaker.Admission;
import io.breakwater.breaker.BreakerListener;
import io.breakwater.breaker.Counts;
import io.breakwater.breaker.Transition;
import io.breakwater.health.RegionHealth;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.lambda.powertools.metrics.Metrics;
import software.amazon.lambda.powertools.metrics.model.DimensionSet;
import software.amazon.lambda.powertools.metrics.model.MetricUnit;
import software.amazon.lambda.powertools.metrics.provider.EmfMetricsProvider;

/**
 * What becomes of breakers and regions, as CloudWatch metrics: one line on standard output for each event, in
 * <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">embedded
 * metric format</a>, from which CloudWatch takes the numbers while the rest stays to be searched for in the log. Safe for
 * use by many threads; never fails its caller.
 */
final class BreakerMetrics implements BreakerListener {
    static final String NAMESPACE = "Breakwater";

    private static final String ENDPOINT = "Endpoint";
    private static final String REGION = "Region";
    private static final Logger LOG = LoggerFactory.getLogger(BreakerMetrics.class);

    private final Consumer<Consumer<Metrics>> writer;

    private BreakerMetrics(Consumer<Consumer<Metrics>> writer) {
        this.writer = writer;
    }

    /**
     * Metrics for CloudWatch, which reads what a function writes.
     *
     * <p>Not from Powertools' factory, whose metrics belong to an annotated handler's invocation: without one it would keep
     * an object for each invocation that wrote any.
     */
    static BreakerMetrics onStandardOutput() {
        Metrics metrics = new EmfMetricsProvider().getMetricsInstance();
        metrics.setNamespace(NAMESPACE);
        return new BreakerMetrics(metrics::flushMetrics);
    }

    /** No metrics, where nobody would read them. */
    static BreakerMetrics silent() {
        return new BreakerMetrics(_ -> {});
    }

    @Override
    public void on(Notice notice) {
        String id = notice.endpoint().id();
        switch (notice) {
            case Notice.Moved moved -> write(ENDPOINT, id, names(moved.transition()), details(moved.transition()));
            case Notice.StoreLost lost ->
                write(
                        ENDPOINT,
                        id,
                        Map.of("BreakerStoreLost", 1),
                        Map.of("cause", lost.cause().toString()));
            case Notice.CountsDropped dropped -> {
                Counts counts = dropped.counts();
                write(
                        ENDPOINT,
                        id,
                        Map.of("BreakerCountsDropped", Math.max(counts.calls(), counts.failures())),
                        Map.of("failures", counts.failures()));
            }
            case Notice.WouldRefuse would -> {
                Admission.Refusal refusal = would.refusal();
                write(ENDPOINT, id, Map.of("WouldRefuse", 1), Map.of("state", refusal.state()));
            }
            case Notice.StoreFound _, Notice.StillOpen _ -> {}
        }
    }

    /** Told of a region that this worker moved. */
    void on(RegionHealth health) {
        write(
                REGION,
                health.region(),
                Map.of("RegionUnhealthy", health.isHealthy() ? 0 : 1),
                Map.of("reason", health.reason(), "epoch", health.epoch()));
    }

    private static Map<String, Integer> names(Transition transition) {
        return switch (transition.to()) {
            case "OPEN", "DISABLED" -> Map.of("BreakerTransition", 1, "BreakerOpened", 1);
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

    private void write(String dimension, String value, Map<String, Integer> counts, Map<String, ?> details) {
        try {
            writer.accept(line -> {
                line.setDefaultDimensions(DimensionSet.of(dimension, value));
                counts.forEach((name, count) -> line.addMetric(name, count, MetricUnit.COUNT));
                details.forEach(line::addMetadata);
            });
        } catch (RuntimeException e) {
            LOG.warn("no metric for {} {}: {}", dimension, value, e.toString());
        }
    }
}
