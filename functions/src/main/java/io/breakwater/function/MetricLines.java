package io.breakwater.function;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.json.Json;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * CloudWatch metrics, one line on standard output for each event, in
 * <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">embedded
 * metric format</a>, from which CloudWatch takes the numbers while the rest stays to be searched for in the log. Safe for
 * use by many threads; never fails its caller.
 */
final class MetricLines {
    static final String NAMESPACE = "Breakwater";

    private static final Logger LOG = LoggerFactory.getLogger(MetricLines.class);

    private final InstantSource clock;
    private final Supplier<PrintStream> out;

    private MetricLines(InstantSource clock, Supplier<PrintStream> out) {
        this.clock = clock;
        this.out = out;
    }

    /** Metrics for CloudWatch, which reads what a function writes. */
    static MetricLines onStandardOutput(InstantSource clock) {
        return new MetricLines(clock, () -> System.out);
    }

    /** No metrics, where nobody would read them. */
    static MetricLines silent() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new MetricLines(() -> Instant.EPOCH, () -> nowhere);
    }

    void write(String dimension, String value, Map<String, Integer> counts, Map<String, ?> details) {
        try {
            ObjectNode line = Json.MAPPER.createObjectNode();
            ObjectNode aws = line.putObject("_aws").put("Timestamp", clock.millis());
            ObjectNode directive = aws.putArray("CloudWatchMetrics").addObject().put("Namespace", NAMESPACE);
            directive.putArray("Dimensions").addArray().add(dimension);
            ArrayNode metrics = directive.putArray("Metrics");
            counts.keySet()
                    .forEach(name -> metrics.addObject().put("Name", name).put("Unit", "Count"));
            line.put(dimension, value);
            counts.forEach(line::put);
            details.forEach((name, detail) -> line.set(name, Json.MAPPER.valueToTree(detail)));
            out.get().println(line);
        } catch (RuntimeException e) {
            LOG.warn("no metric for {} {}: {}", dimension, value, e.toString());
        }
    }
}
