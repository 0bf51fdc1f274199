package io.breakwater.function;

import io.breakwater.sweep.DeadLetters.Fate;
import io.breakwater.sweep.SweepReport;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the sweeper and the dead-letter function did, as CloudWatch metrics. */
public final class RecoveryMetrics {
    private static final String FUNCTION = "Function";

    private final MetricLines lines;

    RecoveryMetrics(MetricLines lines) {
        this.lines = lines;
    }

    /** No metrics, where nobody would read them. */
    public static RecoveryMetrics silent() {
        return new RecoveryMetrics(MetricLines.silent());
    }

    /** A run that found nothing to do writes nothing. */
    public void on(SweepReport report) {
        Map<String, Integer> counts = new LinkedHashMap<>(Map.of(
                "JobsResent", report.resent(),
                "JobsReleased", report.released(),
                "JobsPutOff", report.putOff(),
                "JobsExpired", report.expired(),
                "JobsAbandoned", report.failed(),
                "SweepErrors", report.errors()));
        counts.values().removeIf(count -> count == 0);
        if (!counts.isEmpty()) {
            lines.write(FUNCTION, "sweeper", counts, Map.of("looked", report.looked()));
        }
    }

    public void on(String messageId, Fate fate) {
        Map<String, Integer> counts =
                fate == Fate.KEPT ? Map.of("DeadLetters", 1, "PoisonKept", 1) : Map.of("DeadLetters", 1);
        lines.write(FUNCTION, "dead-letter", counts, Map.of("messageId", messageId, "fate", fate.name()));
    }
}
