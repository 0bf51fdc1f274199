package io.breakwater.chaos;

import io.breakwater.function.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Worker JVMs that can be killed; each that dies is replaced. Each calls models and DynamoDB by way of proxies of its own,
 * which know whose request it is: a call with the deadly prompt kills the worker that makes it.
 */
final class WorkerFleet implements AutoCloseable {
    /** What numbers a prompt that is to be counted. */
    static final Pattern NUMBERED = Pattern.compile("job \\d+");

    private final Settings settings;
    private final Duration timeout;
    private final String deadlyPrompt;
    private final JobLedger ledger;
    private final Path logs;
    private final List<Worker> alive = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger killed = new AtomicInteger();
    private volatile boolean closing;

    /**
     * A fleet without workers yet.
     *
     * @param ledger knows which claims stand
     * @param logs directory for what the workers log
     */
    WorkerFleet(Settings settings, Duration timeout, String deadlyPrompt, JobLedger ledger, Path logs) {
        this.settings = settings;
        this.timeout = timeout;
        this.deadlyPrompt = deadlyPrompt;
        this.ledger = ledger;
        this.logs = logs;
    }

    void start(int workers) throws IOException {
        Files.createDirectories(logs);
        for (int i = 0; i < workers; i++) {
            startOne();
        }
    }

    private synchronized void startOne() {
        if (closing) {
            return;
        }
        Worker worker = new Worker();
        alive.add(worker);
        Thread.ofVirtual().start(() -> {
            worker.live();
            alive.remove(worker);
            startOne();
        });
    }

    /**
     * Kills the worker at this place, or the next one that works. One that has a job with which a worker died before is
     * spared: only the deadly prompt is to die three times.
     */
    void killOne(int place) {
        List<Worker> working = alive.stream()
                .filter(worker -> worker.ready && !ledger.holdSuspect(worker.claims))
                .toList();
        if (!working.isEmpty()) {
            working.get(place % working.size()).kill();
        }
    }

    boolean isReady(int workers) {
        return alive.stream().filter(worker -> worker.ready).count() >= workers;
    }

    /** Workers that were killed, by {@link #killOne} or by the deadly prompt. */
    int killed() {
        return killed.get();
    }

    /** Model calls by prompt, those that failed too. */
    Map<String, Integer> calls() {
        Map<String, Integer> counts = new HashMap<>();
        calls.forEach((prompt, count) -> counts.put(prompt, count.get()));
        return counts;
    }

    @Override
    public void close() {
        synchronized (this) {
            closing = true;
        }
        List<Worker> last = List.copyOf(alive);
        last.forEach(worker -> worker.process.destroyForcibly());
        last.forEach(worker -> worker.process.onExit().join());
    }

    private final class Worker implements FaultyProxy.Witness {
        private final Set<String> claims = ConcurrentHashMap.newKeySet();
        private final FaultyProxy bedrock;
        private final FaultyProxy dynamoDb;
        private final Process process;
        private volatile boolean ready;

        private Worker() {
            String template = settings.bedrockEndpoint().orElseThrow();
            URI target = URI.create(template.replace("/{region}", ""));
            bedrock = FaultyProxy.start(target, () -> 0, this);
            dynamoDb = FaultyProxy.start(settings.dynamoDbEndpoint().orElseThrow(), () -> 0, new FaultyProxy.Witness() {
                @Override
                public void asked(byte[] request) {
                    JobLedger.claimIn(request).ifPresent(claims::add);
                }
            });
            process = launch(environment(
                    template.replace(target.toString(), bedrock.uri().toString())));
        }

        private Map<String, String> environment(String bedrockTemplate) {
            return Map.ofEntries(
                    Map.entry("AWS_REGION", settings.region()),
                    Map.entry("AWS_ACCESS_KEY_ID", "local"),
                    Map.entry("AWS_SECRET_ACCESS_KEY", "local"),
                    Map.entry("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.uri().toString()),
                    Map.entry(
                            "AWS_ENDPOINT_URL_SQS",
                            settings.sqsEndpoint().orElseThrow().toString()),
                    Map.entry(
                            "AWS_ENDPOINT_URL_S3",
                            settings.s3Endpoint().orElseThrow().toString()),
                    Map.entry("JOBS_TABLE", settings.jobsTable()),
                    Map.entry("ENDPOINTS_TABLE", settings.endpointsTable()),
                    Map.entry("RESULTS_BUCKET", settings.resultsBucket()),
                    Map.entry("JOB_QUEUE_URL", settings.jobQueueUrl()),
                    Map.entry("BREAKWATER_CONFIG", settings.config().orElseThrow()),
                    Map.entry("BREAKWATER_BEDROCK_ENDPOINT", bedrockTemplate),
                    Map.entry("BREAKWATER_BEDROCK_UNSIGNED", "true"));
        }

        /** Without performance data, whose file a killed JVM would leave behind. */
        private Process launch(Map<String, String> environment) {
            ProcessBuilder builder = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-XX:-UsePerfData",
                    "-Xmx256m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "io.breakwater.local.WorkerProcess",
                    timeout.toString());
            builder.environment().putAll(environment);
            builder.redirectError(
                    logs.resolve("worker-" + started.incrementAndGet() + ".log").toFile());
            try {
                return builder.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Returns when it has died. */
        private void live() {
            try (bedrock;
                    dynamoDb;
                    BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    ready = true;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                ready = false;
                process.onExit().join();
            }
        }

        @Override
        public void asked(byte[] request) {
            Matcher prompt = NUMBERED.matcher(new String(request, StandardCharsets.UTF_8));
            if (prompt.find()) {
                calls.computeIfAbsent(prompt.group(), _ -> new AtomicInteger()).incrementAndGet();
                if (prompt.group().equals(deadlyPrompt)) {
                    kill();
                }
            }
        }

        private void kill() {
            if (process.isAlive()) {
                process.destroyForcibly();
                killed.incrementAndGet();
            }
        }
    }
}
