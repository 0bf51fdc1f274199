package io.breakwater.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.breakwater.breaker.BreakerSettings;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.breakwater.job.InMemoryJobQueue;
import io.breakwater.job.InMemoryJobStore;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobQueue;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobStatus;
import io.breakwater.job.JobStore;
import io.breakwater.model.Endpoint;
import io.breakwater.model.ModelRequest;
import io.breakwater.model.ModelResult;
import io.breakwater.model.Usage;
import io.breakwater.pacing.Pacer;
import io.breakwater.result.InMemoryResultStore;
import io.breakwater.result.ResultStore;
import io.breakwater.routing.CallSettings;
import io.breakwater.routing.Chain;
import io.breakwater.routing.Router;
import io.breakwater.routing.Tier;
import io.breakwater.simulation.VirtualTime;
import io.breakwater.topology.Topology;
import io.breakwater.worker.JobWorker;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A fleet of real workers that two tenants share, in virtual time, on a queue that is first in, first out: tenant A submits
 * many jobs at once, tenant B one each minute. As in Lambda an environment takes a batch and is busy until the last of it
 * has ended. Each request takes some milliseconds, and is counted.
 */
final class FairnessSimulation {
    private static final Instant START = Instant.parse("2100-01-01T12:00:00Z");
    private static final String A = "tenant-a";
    private static final String B = "tenant-b";
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration BETWEEN_JOBS_OF_B = Duration.ofMinutes(1);
    private static final int FASTEST_MILLIS = 4;
    private static final int MORE_MILLIS = 12;

    private final Flood flood;
    private final SplittableRandom random;
    private final VirtualTime time = new VirtualTime(START, () -> {});
    private final InMemoryJobStore store = new InMemoryJobStore(time);
    private final InMemoryJobQueue queue = new InMemoryJobQueue(time);
    private final InMemoryResultStore results = new InMemoryResultStore();
    private final InMemoryBreakerStore breakers = new InMemoryBreakerStore();
    private final InMemorySlotStore slots = new InMemorySlotStore();
    private final Map<String, Integer> requests = new TreeMap<>();
    private final TreeMap<Long, Integer> putOffBySecond = new TreeMap<>();
    private final List<Duration> waitsOfB = new ArrayList<>();
    private final Map<String, Instant> submittedByB = new HashMap<>();
    private int claims;
    private int inFlightOfA;
    private int mostInFlightOfA;
    private int servedOfA;
    private long busyMillisOfA;
    private Instant endOfA = START;
    private boolean over;

    /**
     * What tenant A does.
     *
     * @param jobs submitted at once
     * @param thenPerMinute further jobs, until those have ended
     * @param hold how long each takes, on average
     * @param spread from 0, all take the same, to 1, from nothing to twice as long
     * @param limit of jobs in flight, if there is one
     * @param environments of the fleet
     */
    record Flood(int jobs, int thenPerMinute, Duration hold, double spread, OptionalInt limit, int environments) {
        static Flood of(int jobs, OptionalInt limit) {
            return new Flood(jobs, 0, Duration.ofSeconds(10), 0.5, limit, Topology.MAXIMUM_CONCURRENCY);
        }

        Flood then(int perMinute) {
            return new Flood(jobs, perMinute, hold, spread, limit, environments);
        }

        Flood holding(Duration time) {
            return new Flood(jobs, thenPerMinute, time, spread, limit, environments);
        }
    }

    /**
     * What came of it.
     *
     * @param waitsOfB from a job's submission to its model call, shortest first
     * @param putOff how often jobs of A were put off
     * @param mostPutOffInASecond after the first pass over A's jobs
     * @param utilisation of A's slots, until the last of the flood
     */
    record Outcome(
            List<Duration> waitsOfB,
            Duration lastOfA,
            int mostInFlightOfA,
            int putOff,
            int mostPutOffInASecond,
            double utilisation,
            Map<String, Integer> requests) {
        Duration longestWaitOfB() {
            return waitsOfB.getLast();
        }

        Duration medianWaitOfB() {
            return waitsOfB.get(waitsOfB.size() / 2);
        }

        @Override
        public String toString() {
            return "B waited %s (median), %s (longest of %d); A ended after %s, %d in flight at most, utilisation %.2f, put off %d, %d in a second; %s"
                    .formatted(
                            medianWaitOfB(),
                            longestWaitOfB(),
                            waitsOfB.size(),
                            lastOfA,
                            mostInFlightOfA,
                            utilisation,
                            putOff,
                            mostPutOffInASecond,
                            requests);
        }
    }

    FairnessSimulation(Flood flood, long seed) {
        this.flood = flood;
        this.random = new SplittableRandom(seed);
    }

    Outcome run() {
        for (int number = 0; number < flood.jobs(); number++) {
            submit("a-" + number, A);
        }
        submitMoreOfA(0);
        submitOfB(0);
        for (int environment = 0; environment < flood.environments(); environment++) {
            FleetBreaker breaker = new FleetBreaker(BreakerSettings.DEFAULTS, breakers, time, random.split());
            JobWorker worker = worker(breaker);
            time.after(random.nextLong(POLL.toMillis()), () -> poll(worker, breaker));
        }
        Instant end = START;
        while (!over) {
            end = end.plus(Duration.ofMinutes(1));
            time.runUntil(end.toEpochMilli());
            over = servedOfA == flood.jobs() && waitsOfB.size() == submittedByB.size();
            assertThat(end).as("the last job's end").isBefore(START.plus(Duration.ofDays(2)));
        }
        return outcome();
    }

    private Outcome outcome() {
        Duration lastOfA = Duration.between(START, endOfA);
        int most = putOffBySecond.tailMap(START.plus(Duration.ofMinutes(1)).getEpochSecond()).values().stream()
                .mapToInt(count -> count)
                .max()
                .orElse(0);
        return new Outcome(
                waitsOfB.stream().sorted().toList(),
                lastOfA,
                mostInFlightOfA,
                putOffBySecond.values().stream().mapToInt(count -> count).sum(),
                most,
                (double) busyMillisOfA / lastOfA.toMillis() / flood.limit().orElse(mostInFlightOfA),
                requests);
    }

    private void submitMoreOfA(int number) {
        if (flood.thenPerMinute() > 0 && servedOfA < flood.jobs()) {
            submit("late-" + number, A);
            time.after(Duration.ofMinutes(1).toMillis() / flood.thenPerMinute(), () -> submitMoreOfA(number + 1));
        }
    }

    private void submitOfB(int number) {
        if (servedOfA < flood.jobs()) {
            String id = "b-" + number;
            submittedByB.put(id, time.instant());
            submit(id, B);
            time.after(BETWEEN_JOBS_OF_B.toMillis(), () -> submitOfB(number + 1));
        }
    }

    private void submit(String id, String tenant) {
        JobRequest request = JobRequest.of(id, Duration.ofDays(7));
        store.create(Job.queued(id, tenant, request, time.instant()), request);
        queue.send(new JobMessage(id, 0), tenant, Duration.ZERO);
    }

    private void poll(JobWorker worker, FleetBreaker breaker) {
        List<JobMessage> batch = new ArrayList<>();
        Optional<JobMessage> next = queue.receive();
        while (next.isPresent()) {
            batch.add(next.get());
            next = batch.size() < Topology.BATCH_SIZE ? queue.receive() : Optional.empty();
        }
        if (!over) {
            serve(batch, worker, breaker);
        }
    }

    /** The environment is free when the last of the batch has ended. */
    private void serve(List<JobMessage> batch, JobWorker worker, FleetBreaker breaker) {
        Instant end = time.instant().plus(Topology.WORKER.timeout());
        int[] left = {batch.size()};
        batch.forEach(message -> time.start(() -> {
            worker.work(message, end);
            countIfPutOff(message);
            if (--left[0] == 0) {
                breaker.flush();
                time.after(0, () -> poll(worker, breaker));
            }
        }));
        if (batch.isEmpty()) {
            time.after(POLL.toMillis(), () -> poll(worker, breaker));
        }
    }

    private void countIfPutOff(JobMessage message) {
        Job job = store.find(message.jobId()).orElseThrow();
        if (job.status() == JobStatus.DEFERRED && job.tenant().equals(A)) {
            putOffBySecond.merge(time.instant().getEpochSecond(), 1, Integer::sum);
        }
    }

    private JobWorker worker(FleetBreaker breaker) {
        Chain chain = new Chain(List.of(new Tier("primary", List.of(new Endpoint("us-east-1", "m", "m")), 100, false)));
        SlotStore reached = reaching(SlotStore.class, slots);
        SlotKeeper keeper = flood.limit().isPresent()
                ? new FleetSlotKeeper(
                        new InFlightLimit(flood.limit().getAsInt()), reached, time, random.split(), _ -> {})
                : SlotKeeper.NONE;
        return new JobWorker(
                reaching(JobStore.class, store),
                reaching(JobQueue.class, queue),
                reaching(ResultStore.class, results),
                new Router(
                        chain,
                        CallSettings.DEFAULTS,
                        breaker,
                        Pacer.NONE,
                        (_, request, _) -> call(request),
                        time,
                        random.split()),
                keeper,
                time,
                random.split(),
                length -> time.pause(length.toMillis()),
                () -> "claim-" + ++claims,
                _ -> {});
    }

    private ModelResult call(ModelRequest request) {
        String id = request.messages().getFirst().content();
        long millis = Math.round(flood.hold().toMillis() * (1 + flood.spread() * (2 * random.nextDouble() - 1)));
        Instant submitted = submittedByB.get(id);
        if (submitted != null) {
            waitsOfB.add(Duration.between(submitted, time.instant()));
            time.pause(millis);
        } else {
            mostInFlightOfA = Math.max(mostInFlightOfA, ++inFlightOfA);
            time.pause(millis);
            inFlightOfA--;
            busyMillisOfA += millis;
            if (id.startsWith("a-")) {
                servedOfA++;
                endOfA = time.instant();
            }
        }
        return new ModelResult.Reply("the answer", new Usage(3, 4), "end_turn");
    }

    private <T> T reaching(Class<T> type, T service) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    String step = type == SlotStore.class
                            ? "." + arguments[1].getClass().getSimpleName()
                            : "";
                    requests.merge(type.getSimpleName() + "." + method.getName() + step, 1, Integer::sum);
                    time.pause(FASTEST_MILLIS + random.nextInt(MORE_MILLIS));
                    try {
                        return method.invoke(service, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
