package io.breakwater.infra;

import static io.breakwater.infra.PipelineMetrics.over;

import io.breakwater.model.Endpoint;
import io.breakwater.routing.Chain;
import io.breakwater.routing.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.IAlarmAction;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.constructs.Construct;

/** What somebody should look at. {@code docs/operations.md} has a row for each: what it means, and what to do. */
final class Alarms extends Construct {
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    private static final Duration HOUR = Duration.ofHours(1);

    private final IAlarmAction action;
    private final List<Alarm> alarms = new ArrayList<>();

    Alarms(Construct scope, String id, AlarmTopic topic) {
        super(scope, id);
        action = new SnsAction(topic.topic());
    }

    /** Endpoints and regions of the chain, and how far down it jobs are served. */
    void watch(Chain chain) {
        for (Endpoint endpoint : chain.endpoints()) {
            raise(
                    "breaker-opens-again-and-again-" + endpoint.id(),
                    "The endpoint's breaker opened four times in an hour: it does not recover.",
                    PipelineMetrics.count("BreakerOpened", "Endpoint", endpoint.id(), HOUR),
                    new Rule(Bound.AT_LEAST, 4, 1));
        }
        chain.endpoints().stream()
                .map(Endpoint::region)
                .distinct()
                .forEach(region -> raise(
                        "region-unhealthy-" + region,
                        "Traffic has left the region. The alarm ends when the region is healthy again.",
                        PipelineMetrics.metric("RegionUnhealthy", "Region", region, "Maximum", Duration.ofMinutes(1)),
                        new Rule(Bound.AT_LEAST, 1, 1, TreatMissingData.IGNORE)));
        raise(
                "endpoint-disabled",
                "A model is retired, unknown, or closed to this account.",
                PipelineMetrics.total("EndpointDisabled", "Endpoint", FIVE_MINUTES),
                new Rule(Bound.AT_LEAST, 1, 1));
        raise(
                "breaker-store-lost",
                "Workers cannot reach the breakers' store, and go on with what they last heard.",
                PipelineMetrics.total("BreakerStoreLost", "Endpoint", FIVE_MINUTES),
                new Rule(Bound.AT_LEAST, 1, 2));
        raise(
                "fallback-share",
                "More than a fifth of the jobs are served by a lower tier.",
                PipelineMetrics.fallbackShare(
                        chain.tiers().stream().map(Tier::name).toList(), FIVE_MINUTES),
                new Rule(Bound.ABOVE, 20, 3));
    }

    /** How long jobs wait, and what cannot be delivered. */
    void watch(JobQueue queue) {
        raise(
                "jobs-wait-for-workers",
                "A message has waited for 15 minutes.",
                queue.jobs().metricApproximateAgeOfOldestMessage(over(FIVE_MINUTES, "Maximum")),
                new Rule(Bound.ABOVE, Duration.ofMinutes(15).toSeconds(), 3));
        raise(
                "dead-letters-stay",
                "Messages lie in the dead-letter queue: its function fails, or is switched off.",
                queue.deadLetters().metricApproximateNumberOfMessagesVisible(over(FIVE_MINUTES, "Maximum")),
                new Rule(Bound.ABOVE, 0, 2));
    }

    /** Whether promises are kept, and what was lost on the way is found again. */
    void watchRecovery(PipelineFunction sweeper, PipelineFunction deadLetter) {
        String sweeping = sweeper.spec().name();
        raise(
                "jobs-expired",
                "Jobs passed their deadline unserved.",
                PipelineMetrics.total("JobsExpired", "Function", FIVE_MINUTES),
                new Rule(Bound.AT_LEAST, 1, 1));
        raise(
                "jobs-abandoned",
                "Jobs were ended because workers died with them.",
                PipelineMetrics.total("JobsAbandoned", "Function", FIVE_MINUTES),
                new Rule(Bound.AT_LEAST, 1, 1));
        raise(
                "sweep-errors",
                "Jobs could not be looked after for a quarter of an hour.",
                PipelineMetrics.count("SweepErrors", "Function", sweeping, FIVE_MINUTES),
                new Rule(Bound.AT_LEAST, 1, 3));
        raise(
                "sweeper-does-not-run",
                "The sweeper was not started for 15 minutes.",
                sweeper.alias().metricInvocations(over(FIVE_MINUTES, "Sum")),
                new Rule(Bound.BELOW, 1, 3, TreatMissingData.BREACHING));
        raise(
                "poison-kept",
                "A message named no job, and is kept in the results bucket.",
                PipelineMetrics.count(
                        "PoisonKept", "Function", deadLetter.spec().name(), FIVE_MINUTES),
                new Rule(Bound.AT_LEAST, 1, 1));
    }

    /** Whether functions fail or are held back. */
    void watch(PipelineFunction function) {
        String name = function.spec().name();
        raise(
                name + "-errors",
                "More than 5 % of the function's invocations fail, by an error or by its timeout.",
                percentage(
                        function.alias().metricErrors(over(FIVE_MINUTES, "Sum")),
                        function.alias().metricInvocations(over(FIVE_MINUTES, "Sum"))),
                new Rule(Bound.ABOVE, 5, 2));
        raise(
                name + "-throttled",
                "Lambda has no room for the function: the account's concurrency is used up.",
                function.alias().metricThrottles(over(FIVE_MINUTES, "Sum")),
                new Rule(Bound.AT_LEAST, 1, 3));
    }

    /** Whether callers are answered. */
    void watch(JobApi api) {
        raise(
                "api-errors",
                "More than 5 % of the requests are answered with a server's error.",
                percentage(
                        api.api().metricServerError(over(FIVE_MINUTES, "Sum")),
                        api.api().metricCount(over(FIVE_MINUTES, "Sum"))),
                new Rule(Bound.ABOVE, 5, 2));
    }

    private void raise(String name, String description, IMetric metric, Rule rule) {
        Alarm alarm = Alarm.Builder.create(this, name.replace('/', '-'))
                .alarmName("breakwater-" + name)
                .alarmDescription(description + " See docs/operations.md.")
                .metric(metric)
                .comparisonOperator(rule.bound.operator)
                .threshold(rule.threshold)
                .evaluationPeriods(rule.periods)
                .treatMissingData(rule.missing)
                .build();
        alarm.addAlarmAction(action);
        alarm.addOkAction(action);
        alarms.add(alarm);
    }

    List<Alarm> all() {
        return List.copyOf(alarms);
    }

    private static MathExpression percentage(IMetric part, IMetric whole) {
        return MathExpression.Builder.create()
                .expression("100 * part / whole")
                .usingMetrics(new TreeMap<>(Map.of("part", part, "whole", whole)))
                .label("%")
                .period(Span.of(FIVE_MINUTES))
                .build();
    }

    /** What a metric must not be for so many periods on end. */
    private record Rule(Bound bound, double threshold, int periods, TreatMissingData missing) {
        /** Where there is nothing to count, nothing is wrong. */
        Rule(Bound bound, double threshold, int periods) {
            this(bound, threshold, periods, TreatMissingData.NOT_BREACHING);
        }
    }

    private enum Bound {
        ABOVE(ComparisonOperator.GREATER_THAN_THRESHOLD),
        AT_LEAST(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD),
        BELOW(ComparisonOperator.LESS_THAN_THRESHOLD);

        private final ComparisonOperator operator;

        Bound(ComparisonOperator operator) {
            this.operator = operator;
        }
    }
}
