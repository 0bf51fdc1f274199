package io.breakwater.chaos;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.function.Services;
import io.breakwater.function.Settings;
import io.breakwater.function.deadletter.DeadLetterFunction;
import io.breakwater.function.request.RequestFunction;
import io.breakwater.local.BedrockTarget;
import io.breakwater.local.Functions;
import io.breakwater.local.LocalOptions;
import io.breakwater.pipeline.Pipeline;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/**
 * Jobs in real processes, while workers are killed, models fail, stores err, and one job kills every worker that serves
 * it. Then all is well again, and every job that was accepted must have ended, once.
 *
 * <p>{@code -Dchaos.jobs=5000 -Dchaos.seed=7} for more of it, or for another plan.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ChaosIT {
    private static final int JOBS = Integer.getInteger("chaos.jobs", 400);
    private static final long SEED = Long.getLong("chaos.seed", 1);

    private static final int JOBS_PER_SECOND = 40;
    private static final int WORKERS = 3;
    private static final Duration WORKER_TIMEOUT = LocalOptions.SHORTEST_WORKER_TIMEOUT;

    /** A little more than a lease; six times the timeout, as it is else, would be too long to wait for. */
    private static final Duration VISIBILITY = WORKER_TIMEOUT.plusSeconds(5);

    private static final Duration MODEL_LATENCY = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int CLIENTS = 8;
    private static final Path LOGS = Path.of("target", "chaos");

    /** Early, so that it has died three times before the others are done. */
    private static final String DEADLY_PROMPT = "job 5";

    private static final String CHAIN = """
        models: { big: big-model, small: small-model }
        tiers:
          - name: primary
            maxTokens: 1000
            endpoints: [ { region: us-east-1, model: big }, { region: us-west-2, model: big } ]
          - name: fallback
            maxTokens: 500
            endpoints: [ { region: us-east-1, model: small }, { region: us-west-2, model: small } ]
        breaker: { windowSeconds: 10, cooldownSeconds: 2, maximumCooldownSeconds: 4 }
        calls: { timeoutSeconds: 2 }
        """;

    private final InstantSource clock = InstantSource.system();
    private final JobLedger ledger = new JobLedger(clock);
    private final Map<Integer, AtomicInteger> refusals = new ConcurrentHashMap<>();

    @TempDir
    Path directory;

    private @Nullable FaultyStores stores;
    private Pipeline pipeline;
    private WorkerFleet fleet;

    @BeforeEach
    void start() throws IOException {
        Logs.silence();
        Path config = Files.writeString(directory.resolve("chain.yaml"), CHAIN);
        pipeline = Pipeline.start(
                LocalOptions.DEFAULTS
                        .withConfig(config.toString())
                        .withBedrock(new BedrockTarget.Simulator(SEED, MODEL_LATENCY))
                        .withWorkers(0)
                        .withSweepInterval(Duration.ofSeconds(1))
                        .withWorkerTimeout(WORKER_TIMEOUT),
                functions());
        pipeline.hideDeliveredFor(VISIBILITY);
        fleet = new WorkerFleet(through(pipeline.settings()).settings(), WORKER_TIMEOUT, DEADLY_PROMPT, ledger, LOGS);
        fleet.start(WORKERS);
        await().atMost(PATIENCE).until(() -> fleet.isReady(WORKERS));
    }

    @AfterEach
    void stop() {
        fleet.close();
        pipeline.close();
        if (stores != null) {
            stores.close();
        }
        Logs.speak();
    }

    private Functions functions() {
        return new Functions(
                direct -> new RequestFunction(through(direct)),
                Functions.DEPLOYED.worker(),
                direct -> new HastySweeper(
                        new Services(through(direct), UrlConnectionHttpClient.create()), new Random(SEED)),
                direct -> new DeadLetterFunction(through(direct)));
    }

    private Settings through(Map<String, String> direct) {
        return through(Settings.fromEnvironment(direct)).settings();
    }

    private FaultyStores through(Settings direct) {
        if (stores == null) {
            stores = new FaultyStores(direct, SEED, ledger);
        }
        return stores;
    }

    @Test
    void everyAcceptedJobEndsOnceWhateverFailsMeanwhile() {
        try {
            run();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    "seed %d (again by -Dchaos.seed=%d -Dchaos.jobs=%d; the workers' logs are in %s): %s"
                            .formatted(SEED, SEED, JOBS, LOGS, e.getMessage()),
                    e);
        }
    }

    private void run() {
        SortedMap<String, String> idByPrompt = submitInChaos();
        allIsWell();
        Instant end = clock.instant();
        await("every job ends")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(unfinished(idByPrompt)).isEmpty());
        report(Duration.between(end, ledger.lastEnd()));
        Map<String, JsonNode> first = jobs(idByPrompt);
        pipeline.awaitEmptyQueue();

        assertThat(jobs(idByPrompt)).isEqualTo(first);
        assertThat(ledger.finalStatuses()).containsOnlyKeys(idByPrompt.values());
        first.forEach(this::assertEnd);
        assertThat(fleet.calls().get(DEADLY_PROMPT)).isBetween(1, 3);
        assertThat(fleet.killed()).isGreaterThan(3);
        assertThat(calls()).isLessThan(2 * ledger.claims());
        assertThat(refusals.keySet()).isSubsetOf(503);
    }

    private void assertEnd(String prompt, JsonNode job) {
        String id = job.path("id").asText();
        boolean deadly = prompt.equals(DEADLY_PROMPT);
        String status = deadly ? "FAILED" : "SUCCEEDED";
        assertThat(job.path("status").asText()).as("%s: %s", prompt, job).isEqualTo(status);
        assertThat(ledger.finalStatuses().get(id)).as(prompt).containsExactly(status);
        if (deadly) {
            assertThat(job.path("error").path("code").asText()).isEqualTo("CRASHED");
        } else {
            assertThat(pipeline.result(id)).asString(StandardCharsets.UTF_8).isEqualTo(prompt);
        }
    }

    /** Submits all jobs while the plan is carried out; returns their ids by prompt when both is done. */
    private SortedMap<String, String> submitInChaos() {
        Map<String, String> idByPrompt = new ConcurrentHashMap<>();
        List<Future<?>> submissions = new ArrayList<>();
        try (ScheduledExecutorService clients = Executors.newScheduledThreadPool(CLIENTS);
                ScheduledExecutorService chaos = Executors.newSingleThreadScheduledExecutor()) {
            IntStream.range(0, JOBS)
                    .forEach(number -> submissions.add(clients.schedule(
                            () -> idByPrompt.put("job " + number, submit("job " + number)),
                            1_000L * number / JOBS_PER_SECOND,
                            TimeUnit.MILLISECONDS)));
            List<Future<?>> ends = new ArrayList<>();
            for (ChaosPlan.Event event : ChaosPlan.of(SEED, JOBS).events()) {
                await("enough jobs end for " + event)
                        .atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(50))
                        .until(() -> ledger.ended() >= event.afterJobs());
                ends.add(carryOut(event, chaos));
            }
            submissions.forEach(ChaosIT::join);
            ends.forEach(ChaosIT::join);
        }
        return new TreeMap<>(idByPrompt);
    }

    private static void join(Future<?> task) {
        try {
            task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** As a client does that wants it done: again with the same key until it is accepted. */
    private String submit(String prompt) {
        byte[] body = Pipeline.json(Map.of(
                        "prompt", prompt, "deadlineSeconds", Duration.ofDays(7).toSeconds()))
                .getBytes(StandardCharsets.UTF_8);
        Map<String, String> key = Map.of("idempotency-key", prompt.replace(' ', '-'));
        HttpResponse<byte[]> accepted = await("submit " + prompt)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> post(body, key), response -> response.statusCode() == 202);
        return Pipeline.json(accepted).path("id").asText();
    }

    private HttpResponse<byte[]> post(byte[] body, Map<String, String> key) {
        HttpResponse<byte[]> response = pipeline.post(body, key);
        if (response.statusCode() != 202) {
            refusals.computeIfAbsent(response.statusCode(), _ -> new AtomicInteger())
                    .incrementAndGet();
        }
        return response;
    }

    /** Begins the event; what is returned is done when it is over. */
    private Future<?> carryOut(ChaosPlan.Event event, ScheduledExecutorService chaos) {
        return switch (event) {
            case ChaosPlan.Kill kill -> later(kill.delay(), () -> fleet.killOne(kill.place()), chaos);
            case ChaosPlan.ModelFault fault -> {
                pipeline.setFault(Map.of(
                        "region", fault.region(),
                        "model", "*",
                        "fault", fault.fault(),
                        "probability", fault.probability(),
                        "durationSeconds", fault.seconds()));
                yield CompletableFuture.completedFuture(null);
            }
            case ChaosPlan.StoreFault fault -> {
                FaultyProxy proxy = stores().proxy(fault.store());
                proxy.fail(fault.fault());
                yield later(fault.length(), proxy::recover, chaos);
            }
        };
    }

    private static Future<?> later(Duration delay, Runnable task, ScheduledExecutorService chaos) {
        return chaos.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private FaultyStores stores() {
        return Objects.requireNonNull(stores);
    }

    private void allIsWell() {
        pipeline.liftFaults();
        stores().recover();
    }

    /** Jobs that are not final, with what is known of them. */
    private Map<String, String> unfinished(Map<String, String> idByPrompt) {
        Map<String, List<String>> ended = ledger.finalStatuses();
        return idByPrompt.entrySet().stream()
                .filter(job -> !ended.containsKey(job.getValue()))
                .limit(20)
                .collect(toMap(
                        Map.Entry::getKey,
                        job -> pipeline.jobs()
                                .find(job.getValue())
                                .map(Object::toString)
                                .orElse("gone")));
    }

    private Map<String, JsonNode> jobs(Map<String, String> idByPrompt) {
        return idByPrompt.entrySet().parallelStream()
                .collect(toMap(Map.Entry::getKey, job -> pipeline.job(job.getValue())));
    }

    private int calls() {
        return fleet.calls().values().stream().mapToInt(Integer::intValue).sum();
    }

    private void report(Duration drain) {
        Map<String, Integer> calls = fleet.calls();
        SortedMap<Integer, Long> jobsByCalls =
                new TreeMap<>(calls.values().stream().collect(groupingBy(count -> count, counting())));
        System.out.printf(
                "Chaos, seed %d: %d jobs, %d ended, %d workers killed, %d submissions repeated, %d claims, %.2f model"
                        + " calls per job (jobs by calls: %s), drained %.1f s after the last fault%n",
                SEED,
                JOBS,
                ledger.ended(),
                fleet.killed(),
                refusals.values().stream().mapToInt(AtomicInteger::get).sum(),
                ledger.claims(),
                (double) calls() / JOBS,
                jobsByCalls,
                drain.toMillis() / 1e3);
    }
}
