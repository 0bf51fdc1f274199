package io.breakwater.function;

import io.breakwater.tenant.HeldBack;
import java.util.Map;

/**
 * Which tenants are held back, as CloudWatch metrics. One number for all tenants, as each value of a dimension is a metric
 * to pay for; the line in the log says which.
 */
final class TenantMetrics {
    private final MetricLines lines;

    TenantMetrics(MetricLines lines) {
        this.lines = lines;
    }

    void on(HeldBack news) {
        lines.write(
                "Function",
                "worker",
                Map.of("JobsHeldBack", news.jobs()),
                Map.of(
                        "tenant", news.tenant(),
                        "inFlight", news.inFlight(),
                        "nextAt", news.nextAt().toString()));
    }
}
