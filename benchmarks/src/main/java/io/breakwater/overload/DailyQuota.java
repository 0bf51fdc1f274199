package io.breakwater.overload;

import static io.breakwater.scoreboard.Page.format;

import io.breakwater.breaker.BreakerStore;
import io.breakwater.job.JobQueue;
import io.breakwater.job.JobStatus;
import io.breakwater.job.JobStore;
import io.breakwater.pacing.PaceStore;
import io.breakwater.result.ResultStore;
import io.breakwater.scoreboard.Lanes;
import io.breakwater.scoreboard.Page;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A day on which the primary's daily quota is used up for six hours, and the same day without. */
final class DailyQuota {
    private static final int JOBS = 100_000;
    private static final List<String> READS = List.of("find", "list");
    private static final List<String> QUERIES = List.of("due");

    private final Map<Day, Supplier<DayFigures>> days = new LinkedHashMap<>();

    DailyQuota(Lanes lanes) {
        Stream.of(
                        new Day("one tier, no outage", JOBS, 1, Duration.ofDays(1), false, 1),
                        new Day("one tier, deadline 24 h", JOBS, 1, Duration.ofDays(1), true, 1),
                        new Day("one tier, deadline 6 h (default)", JOBS, 1, Day.DEFAULT_DEADLINE, true, 1),
                        new Day("two tiers, no outage", JOBS, 2, Day.DEFAULT_DEADLINE, false, 1),
                        new Day("two tiers, deadline 6 h (default)", JOBS, 2, Day.DEFAULT_DEADLINE, true, 1))
                .forEach(day -> days.put(day, lanes.begin(() -> DayRun.of(day))));
    }

    void write(Page page) {
        page.heading("A day without a quota")
                .paragraph("""
                    100,000 jobs over the day, noon to noon, through the shipped worker, router, breaker, pacer and sweeper, with stores
                    and queue in memory that count requests. 20 environments take batches of up to 10; a call takes 5 to 15 s, a refused
                    one 50 ms. From 18:00 to midnight UTC the primary refuses each call with *Too many tokens per day*, and it is the one
                    model of its tier; the second tier, where there is one, has another model, which is well. *In vain*: calls to the primary in
                    those six hours. *Drained*: from midnight until the last job ended that had arrived in those six hours.
                    """)
                .table(ends())
                .paragraph("""
                    What it took for each job. *Jobs table*: writes, each of one item; reads of one item; the sweeper's queries for what is
                    due, four a minute. *Queue*: messages sent, and delivered.
                    """)
                .table(costs());
    }

    private Page.Table ends() {
        Page.Table table = new Page.Table(
                "day",
                "succeeded",
                "of them degraded",
                "failed",
                "expired",
                "not ended",
                "model calls",
                "in vain",
                "drained, min");
        days.forEach((day, run) -> {
            DayFigures figures = run.get();
            int ended = figures.ended().entrySet().stream()
                    .filter(one -> one.getKey().isFinal())
                    .mapToInt(Map.Entry::getValue)
                    .sum();
            table.row(
                    day.title(),
                    Integer.toString(figures.ended(JobStatus.SUCCEEDED)),
                    Integer.toString(figures.degraded()),
                    Integer.toString(figures.ended(JobStatus.FAILED)),
                    Integer.toString(figures.ended(JobStatus.EXPIRED)),
                    Integer.toString(figures.jobs() - ended),
                    Integer.toString(figures.calls()),
                    Integer.toString(figures.callsInVain()),
                    day.exhausted() && day.tiers() == 1
                            ? format("%.0f", figures.drained().toSeconds() / 60.0)
                            : "–");
        });
        return table;
    }

    private Page.Table costs() {
        Page.Table table = new Page.Table(
                "day",
                "jobs table: writes",
                "reads",
                "queries",
                "queue: sent",
                "delivered",
                "results store",
                "breaker store",
                "pace store");
        days.forEach((day, run) -> {
            DayFigures figures = run.get();
            Requests requests = figures.requests();
            int reads = requests.of(JobStore.class, READS);
            int queries = requests.of(JobStore.class, QUERIES);
            table.row(
                    day.title(),
                    perJob(figures, requests.of(JobStore.class) - reads - queries),
                    perJob(figures, reads),
                    perJob(figures, queries),
                    perJob(figures, requests.of(JobQueue.class)),
                    perJob(figures, figures.delivered()),
                    perJob(figures, requests.of(ResultStore.class)),
                    perJob(figures, requests.of(BreakerStore.class)),
                    perJob(figures, requests.of(PaceStore.class)));
        });
        return table;
    }

    private static String perJob(DayFigures figures, int number) {
        return format("%.2f", figures.perJob(number));
    }
}
