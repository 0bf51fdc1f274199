package io.breakwater.infra;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;

/** The metrics that the functions write to their logs. */
final class PipelineMetrics {
    private static final String NAMESPACE = "Breakwater";

    private PipelineMetrics() {}

    /** A statistic of a metric that AWS keeps, over each period. */
    static MetricOptions over(Duration period, String statistic) {
        return MetricOptions.builder()
                .statistic(statistic)
                .period(Span.of(period))
                .build();
    }

    /** How often it was counted in each period. */
    static Metric count(String name, String dimension, String value, Duration period) {
        return metric(name, dimension, value, "Sum", period);
    }

    static Metric metric(String name, String dimension, String value, String statistic, Duration period) {
        return Metric.Builder.create()
                .namespace(NAMESPACE)
                .metricName(name)
                .dimensionsMap(Map.of(dimension, value))
                .statistic(statistic)
                .period(Span.of(period))
                .label(value)
                .build();
    }

    /** The metric by every value that its dimension has; for a graph. */
    static MathExpression each(String name, String dimension, String statistic) {
        return MathExpression.Builder.create()
                .expression(
                        "SEARCH('{%s,%s} MetricName=\"%s\"', '%s')".formatted(NAMESPACE, dimension, name, statistic))
                .usingMetrics(Map.of())
                .label("")
                .period(Span.of(Duration.ofMinutes(1)))
                .build();
    }

    /** The metric summed over every value that its dimension has; for an alarm. */
    static MathExpression total(String name, String dimension, Duration period) {
        return MathExpression.Builder.create()
                .expression("SELECT SUM(%s) FROM SCHEMA(%s, %s)".formatted(name, NAMESPACE, dimension))
                .usingMetrics(Map.of())
                .label(name)
                .period(Span.of(period))
                .build();
    }

    /**
     * The percentage of the jobs served that a lower tier served.
     *
     * @param tiers by name, the best first
     */
    static MathExpression fallbackShare(List<String> tiers, Duration period) {
        Map<String, IMetric> metrics = new LinkedHashMap<>();
        for (int i = 0; i < tiers.size(); i++) {
            metrics.put("t" + i, count("JobsServed", "Tier", tiers.get(i), period));
        }
        return MathExpression.Builder.create()
                .expression("100 * (%s) / (%s)".formatted(sum(1, tiers.size()), sum(0, tiers.size())))
                .usingMetrics(metrics)
                .label("served by a lower tier")
                .period(Span.of(period))
                .build();
    }

    private static String sum(int from, int to) {
        return from == to
                ? "0"
                : IntStream.range(from, to).mapToObj("FILL(t%d, 0)"::formatted).collect(Collectors.joining(" + "));
    }
}
