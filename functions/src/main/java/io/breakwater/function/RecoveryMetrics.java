package io.breakwater.function;

import io.breakwater.sweep.DeadLetters.Fate;
import io.breakwater.sweep.SweepReport;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the sweeper and the dead-letter function did, as CloudWatch metrics. */
public final class RecoveryMetrics {
    /** Jobs that passed their deadline unserved, by the function that found it. */
    static final String EXPIRED = "JobsExpired";

    /** Jobs with which workers died too often, by the function that ended them. */
    static final String ABANDONED = "JobsAbandoned";

    static final String FUNCTION = "Function";

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
                "JobsResent",
                report.resent(),
                "JobsReleased",
                report.released(),
                "JobsPutOff",
                report.putOff(),
                EXPIRED,
                report.expired(),
                ABANDONED,
                report.failed(),
                "SweepErrors",
                report.errors()));
        counts.values().removeIf(count -> count == 0);
        if (!counts.isEmpty()) {
            lines.write(FUNCTION, "sweeper", counts, Map.of("looked", report.looked()));
        }
    }

    public void on(String messageId, Fate fate) {
        Map<String, Integer> counts = new LinkedHashMap<>(Map.of("DeadLetters", 1));
        switch (fate) {
            case KEPT -> counts.put("PoisonKept", 1);
            case EXPIRED -> counts.put(EXPIRED, 1);
            case ABANDONED -> counts.put(ABANDONED, 1);
            case RESENT, DROPPED -> {}
        }
        lines.write(FUNCTION, "dead-letter", counts, Map.of("messageId", messageId, "fate", fate.name()));
    }
}
