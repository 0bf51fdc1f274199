package io.breakwater.jmh;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.util.Statistics;

/** Runs {@link ClosedBreaker} with one thread and with eight, and writes down what came of it: {@code mvn -Pjmh}. */
final class InProcessReport {
    private static final String OVER_DYNAMODB = "breakwaterDynamoDb";
    private static final String REFERENCE = "resilience4j";
    private static final List<Integer> THREADS = List.of(1, 8);
    private static final SequencedMap<String, String> CONTESTANTS = new LinkedHashMap<>();

    static {
        CONTESTANTS.put("breakwaterInMemory", "Breakwater, store in memory");
        CONTESTANTS.put(OVER_DYNAMODB, "Breakwater, store in DynamoDB");
        CONTESTANTS.put(REFERENCE, "Resilience4j");
        CONTESTANTS.put("resilience4jLockFree", "Resilience4j, lock-free window");
        CONTESTANTS.put("failsafe", "Failsafe");
        CONTESTANTS.put("clock", "one reading of the clock");
    }

    private InProcessReport() {}

    /**
     * Measures and writes the report.
     *
     * @param arguments the file to write, then flags of JMH, which win over the benchmark's annotations
     */
    static void main(String[] arguments) throws CommandLineOptionException, RunnerException, IOException {
        Path file = Path.of(arguments[0]);
        var flags = new CommandLineOptions(Arrays.copyOfRange(arguments, 1, arguments.length));
        List<RunResult> results = new ArrayList<>();
        for (int threads : THREADS) {
            results.addAll(new Runner(new OptionsBuilder()
                            .parent(flags)
                            .include(ClosedBreaker.class.getName() + "\\.")
                            .threads(threads)
                            .shouldFailOnError(true)
                            .build())
                    .run());
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, report(results));
    }

    private static String report(List<RunResult> results) {
        BenchmarkParams params = results.getFirst().getParams();
        return String.format(
                Locale.ROOT,
                """
                # What a breaker takes of a call

                One call that a closed breaker admits and records as a success, in nanoseconds. Written by

                    mvn -Pjmh

                %d cores, JDK %s, JMH %s; %d forks of %d iterations of %s. Longer: `-Djmh.args="-r 10"`.

                | contestant | threads | ns/op, median | error | ratio to Resilience4j |
                |---|---|---|---|---|
                %s
                With 8 threads a figure is one thread's, its waits for a core included. The error is half of the mean's 99.9 %%
                confidence interval; where it is large, only ratios say something.

                Every breaker opens at 30 %% of a minute's calls, at least 10 of them. Resilience4j is asked as its own decorators
                do it, with the time before and after the call. Breakwater's permits are made to escape, as they do when a call
                takes time, and a timer tells the fleet of the calls, as in the worker.

                Requests of the breaker to DynamoDB: %s.
                """,
                Runtime.getRuntime().availableProcessors(),
                params.getJdkVersion(),
                params.getJmhVersion(),
                params.getForks(),
                params.getMeasurement().getCount(),
                params.getMeasurement().getTime(),
                table(results),
                THREADS.stream().map(threads -> storeRequests(results, threads)).collect(joining("; ")));
    }

    private static String table(List<RunResult> results) {
        return THREADS.stream()
                .flatMap(threads -> CONTESTANTS.entrySet().stream()
                        .map(contestant -> row(results, contestant.getKey(), contestant.getValue(), threads)))
                .collect(joining());
    }

    private static String row(List<RunResult> results, String contestant, String title, int threads) {
        Statistics time =
                result(results, contestant, threads).getPrimaryResult().getStatistics();
        Statistics reference =
                result(results, REFERENCE, threads).getPrimaryResult().getStatistics();
        return String.format(
                Locale.ROOT,
                "| %s | %d | %.1f | ± %.1f | %.2f |%n",
                title,
                threads,
                median(time),
                time.getMeanErrorAt(0.999),
                median(time) / median(reference));
    }

    private static String storeRequests(List<RunResult> results, int threads) {
        RunResult result = result(results, OVER_DYNAMODB, threads);
        IterationParams measured = result.getParams().getMeasurement();
        Result<?> requests = Objects.requireNonNull(result.getSecondaryResults().get(ClosedBreaker.Requests.NAME));
        long seconds = measured.getTime().convertTo(TimeUnit.SECONDS)
                * measured.getCount()
                * result.getParams().getForks();
        double calls =
                threads * seconds * 1e9 / median(result.getPrimaryResult().getStatistics());
        return String.format(
                Locale.ROOT,
                "%.0f in %d s of about %.0f million calls by %d %s",
                requests.getScore(),
                seconds,
                calls / 1e6,
                threads,
                threads == 1 ? "thread" : "threads");
    }

    private static double median(Statistics statistics) {
        return statistics.getPercentile(50);
    }

    private static RunResult result(List<RunResult> results, String contestant, int threads) {
        return results.stream()
                .filter(result -> result.getParams().getThreads() == threads)
                .filter(result -> result.getPrimaryResult().getLabel().equals(contestant))
                .findFirst()
                .orElseThrow();
    }
}
