package io.breakwater.infra;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awscdk.services.cloudwatch.AlarmStatusWidget;
import software.amazon.awscdk.services.cloudwatch.Dashboard;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.constructs.Construct;

/** One page of graphs: alarms, what callers get, what becomes of jobs, how endpoints are, and what recovers. */
final class PipelineDashboard extends Construct {
    private static final int WIDTH = 24;
    private static final int HEIGHT = 6;

    PipelineDashboard(
            Construct scope, String id, JobApi api, JobQueue queue, List<PipelineFunction> functions, Alarms alarms) {
        super(scope, id);
        Dashboard dashboard = Dashboard.Builder.create(this, "Dashboard")
                .dashboardName("breakwater")
                .build();
        dashboard.addWidgets(AlarmStatusWidget.Builder.create()
                .title("Alarms")
                .alarms(alarms.all())
                .width(WIDTH)
                .height(HEIGHT)
                .build());
        dashboard.addWidgets(
                graph(
                        "Requests",
                        List.of(
                                api.api().metricCount(over("Sum")),
                                api.api().metricClientError(over("Sum")),
                                api.api().metricServerError(over("Sum")))),
                graph(
                        "Request latency, ms",
                        List.of(api.api().metricLatency(over("p50")), api.api().metricLatency(over("p99")))),
                graph("Jobs finished", each("Status", "Sum", "JobsFinished")));
        dashboard.addWidgets(
                graph("Jobs served by tier", each("Tier", "Sum", "JobsServed")),
                graph(
                        "Waiting jobs",
                        List.of(
                                queue.jobs().metricApproximateNumberOfMessagesVisible(over("Maximum")),
                                queue.jobs().metricApproximateNumberOfMessagesNotVisible(over("Maximum")),
                                queue.jobs().metricApproximateNumberOfMessagesDelayed(over("Maximum")),
                                queue.deadLetters().metricApproximateNumberOfMessagesVisible(over("Maximum")))),
                graph("Oldest message, s", List.of(queue.jobs().metricApproximateAgeOfOldestMessage(over("Maximum")))));
        dashboard.addWidgets(
                graph("Breakers opened", each("Endpoint", "Sum", "BreakerOpened")),
                graph("Breakers' transitions", each("Endpoint", "Sum", "BreakerTransition")),
                graph("Regions become unhealthy (1) and healthy (0)", each("Region", "Maximum", "RegionUnhealthy")));
        dashboard.addWidgets(
                graph("Pace, requests a minute", each("Endpoint", "Minimum", "RequestPace")),
                graph("Pace, tokens a minute", each("Endpoint", "Minimum", "TokenPace")),
                graph("Breakers' store", each("Endpoint", "Sum", "BreakerStoreLost", "BreakerCountsDropped")));
        dashboard.addWidgets(
                graph("Sweeper", each("Function", "Sum", "JobsResent", "JobsReleased", "JobsPutOff")),
                graph(
                        "Jobs lost to time or crashes",
                        each("Function", "Sum", "JobsExpired", "JobsAbandoned", "SweepErrors")),
                graph(
                        "Dead letters, and jobs held back for their tenant",
                        each("Function", "Sum", "DeadLetters", "PoisonKept", "JobsHeldBack")));
        dashboard.addWidgets(
                graph(
                        "Functions' errors",
                        of(functions, function -> function.alias().metricErrors(over("Sum")))),
                graph(
                        "Functions' duration, ms",
                        of(functions, function -> function.alias().metricDuration(over("p99")))),
                graph(
                        "Functions' invocations",
                        of(functions, function -> function.alias().metricInvocations(over("Sum")))));
    }

    private static List<IMetric> of(List<PipelineFunction> functions, Function<PipelineFunction, IMetric> metric) {
        return functions.stream().map(metric).toList();
    }

    private static GraphWidget graph(String title, List<? extends IMetric> metrics) {
        return GraphWidget.Builder.create()
                .title(title)
                .left(metrics)
                .width(WIDTH / 3)
                .height(HEIGHT)
                .build();
    }

    /** By every value of the dimension. */
    private static List<IMetric> each(String dimension, String statistic, String... names) {
        return Stream.of(names)
                .<IMetric>map(name -> PipelineMetrics.each(name, dimension, statistic))
                .toList();
    }

    private static MetricOptions over(String statistic) {
        return PipelineMetrics.over(Duration.ofMinutes(1), statistic);
    }
}
