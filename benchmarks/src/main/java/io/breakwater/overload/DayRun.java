package io.breakwater.overload;

import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.BreakerStore;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.breakwater.job.InMemoryJobQueue;
import io.breakwater.job.InMemoryJobStore;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobQueue;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobStore;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import io.breakwater.model.ModelClient;
import io.breakwater.model.ModelResult;
import io.breakwater.model.Usage;
import io.breakwater.pacing.FleetPacer;
import io.breakwater.pacing.InMemoryPaceStore;
import io.breakwater.pacing.PaceListener;
import io.breakwater.pacing.PaceStore;
import io.breakwater.result.InMemoryResultStore;
import io.breakwater.result.ResultStore;
import io.breakwater.routing.CallSettings;
import io.breakwater.routing.Router;
import io.breakwater.scoreboard.Turns;
import io.breakwater.scoreboard.VirtualTime;
import io.breakwater.sweep.SweepLimits;
import io.breakwater.sweep.Sweeper;
import io.breakwater.tenant.SlotKeeper;
import io.breakwater.topology.Topology;
import io.breakwater.worker.JobWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One day of the shipped worker, router, breaker, pacer and sweeper. */
final class DayRun {
    private static final String TENANT = "tenant";
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
    private static final Duration SHORTEST_CALL = Duration.ofSeconds(5);
    private static final Duration LONGEST_CALL = Duration.ofSeconds(15);
    private static final Duration REFUSAL = Duration.ofMillis(50);
    private static final Duration LONGEST = Day.LENGTH.multipliedBy(3);

    private final Day day;
    private final SplittableRandom random;
    private final SplittableRandom arrivals;
    private final VirtualTime time = new VirtualTime(Day.NOON);
    private final Turns turns;
    private final Requests requests = new Requests();
    private final InMemoryJobStore jobStore = new InMemoryJobStore(time);
    private final InMemoryJobQueue jobQueue = new InMemoryJobQueue(time);
    private final JobStore jobs = requests.counted(JobStore.class, jobStore);
    private final JobQueue queue = requests.counted(JobQueue.class, jobQueue);
    private final List<Environment> environments;
    private int submitted;
    private int delivered;
    private int claims;
    private int calls;
    private int callsInVain;

    private DayRun(Day day) {
        this.day = day;
        this.random = new SplittableRandom(day.seed());
        // Of another seed, so that all days have the same arrivals.
        this.arrivals = new SplittableRandom(-day.seed());
        this.turns = new Turns(time, random.split());
        this.environments = environments();
    }

    static DayFigures of(Day day) {
        return new DayRun(day).run();
    }

    private List<Environment> environments() {
        BreakerStore breakerStore = requests.counted(BreakerStore.class, new InMemoryBreakerStore());
        PaceStore paceStore = requests.counted(PaceStore.class, new InMemoryPaceStore());
        ResultStore results = requests.counted(ResultStore.class, new InMemoryResultStore());
        return Stream.generate(() -> {
                    FleetBreaker breaker =
                            new FleetBreaker(BreakerSettings.DEFAULTS, breakerStore, time, random.split());
                    FleetPacer pacer =
                            new FleetPacer(paceStore, breaker, Map.of(), time, random.split(), PaceListener.NONE);
                    ModelClient models = (endpoint, _, _) -> call(endpoint);
                    Router router = new Router(
                            day.chain(), CallSettings.DEFAULTS, breaker, pacer, models, time, random.split());
                    JobWorker worker = new JobWorker(
                            jobs,
                            queue,
                            results,
                            router,
                            SlotKeeper.NONE,
                            time,
                            random.split(),
                            _ -> {
                                throw new IllegalStateException("no store fails here");
                            },
                            () -> "claim-" + ++claims,
                            _ -> {});
                    return new Environment(time, turns, breaker, pacer, worker);
                })
                .limit(Topology.MAXIMUM_CONCURRENCY)
                .toList();
    }

    private ModelResult call(Endpoint endpoint) {
        calls++;
        if (day.isExhausted(endpoint, time.instant())) {
            callsInVain++;
            turns.pause(REFUSAL.toMillis());
            return new ModelResult.Failure(FailureKind.DAILY_QUOTA, "Too many tokens per day", null);
        }
        turns.pause(random.nextLong(SHORTEST_CALL.toMillis(), LONGEST_CALL.toMillis()));
        return new ModelResult.Reply("the answer", new Usage(100, 200), "end_turn");
    }

    private DayFigures run() {
        for (int job = 0; job < day.jobs(); job++) {
            time.after(arrivals.nextLong(Day.LENGTH.toMillis()), this::submit);
        }
        time.after(0, this::poll);
        time.after(0, this::sweep);
        for (Duration end = Day.LENGTH; end.compareTo(LONGEST) <= 0 && !haveAllEnded(); end = end.plusHours(1)) {
            time.runUntil(end);
        }
        return figures();
    }

    private boolean haveAllEnded() {
        return submitted == day.jobs() && all().allMatch(job -> job.status().isFinal());
    }

    private Stream<Job> all() {
        return IntStream.range(0, submitted)
                .mapToObj(number -> jobStore.find(id(number)).orElseThrow());
    }

    private static String id(int number) {
        return "job-" + number;
    }

    private DayFigures figures() {
        Duration drained = all().filter(job -> Day.isInOutage(job.createdAt()))
                .map(job -> Duration.between(Day.BACK, job.updatedAt()))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        return new DayFigures(
                submitted,
                all().collect(Collectors.groupingBy(Job::status, TreeMap::new, Collectors.summingInt(_ -> 1))),
                (int) all().filter(job -> job.degradation() != null).count(),
                calls,
                callsInVain,
                drained,
                delivered,
                requests);
    }

    /** As the request function does. */
    private void submit() {
        JobRequest request = JobRequest.of("a question", day.deadline());
        Job job = Job.queued(id(submitted++), TENANT, request, time.instant());
        jobs.create(job, request);
        queue.send(JobMessage.of(job), TENANT, Duration.ZERO);
    }

    /** As the event source does: each idle environment gets a batch of what is visible. */
    private void poll() {
        for (Environment environment : environments) {
            if (environment.isIdle()) {
                List<JobMessage> batch = receive();
                if (batch.isEmpty()) {
                    break;
                }
                environment.invoke(batch);
            }
        }
        time.after(POLL_INTERVAL.toMillis(), this::poll);
    }

    private List<JobMessage> receive() {
        List<JobMessage> batch = new ArrayList<>();
        for (Optional<JobMessage> next = jobQueue.receive(); next.isPresent(); next = jobQueue.receive()) {
            batch.add(next.get());
            if (batch.size() == Topology.BATCH_SIZE) {
                break;
            }
        }
        delivered += batch.size();
        return batch;
    }

    private void sweep() {
        new Sweeper(jobs, queue, SweepLimits.DEFAULTS, time, random)
                .sweepUntil(time.instant().plus(Topology.SWEEPER.timeout()));
        time.after(Topology.SWEEP_INTERVAL.toMillis(), this::sweep);
    }
}
