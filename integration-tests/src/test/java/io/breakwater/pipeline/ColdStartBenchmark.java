package io.breakwater.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobRequest;
import io.breakwater.json.Json;
import io.breakwater.local.LocalOptions;
import io.breakwater.local.lambda.Invocation;
import io.breakwater.local.packaged.FunctionProcess;
import io.breakwater.local.packaged.PackagedFunction;
import io.breakwater.local.packaged.ProcessOptions;
import io.breakwater.topology.FunctionSpec;
import io.breakwater.topology.Topology;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What a packaged function costs before and beside its work, by {@code mvn -Pcoldstart}: from the start of its process to its
 * first answer, with and without SnapStart's rehearsal, and each invocation once it is warm; its memory, classes and
 * archive. Two functions that do nothing are measured in the same turns. All of it is real but Lambda itself: fetching the
 * archive, starting the virtual machine and restoring its snapshot are not in these figures.
 */
final class ColdStartBenchmark {
    private static final Path ARCHIVES = Path.of(System.getProperty("archives", "../functions/target"));
    private static final Path EVENTS = Path.of(System.getProperty("events", "../events"));
    private static final int STARTS = Integer.getInteger("starts", 5);
    private static final int INVOCATIONS = 300;

    private final Pipeline pipeline;
    private final Path directory;

    private ColdStartBenchmark(Pipeline pipeline, Path directory) {
        this.pipeline = pipeline;
        this.directory = directory;
    }

    static void main() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("coldstart-");
        try (Pipeline pipeline =
                Pipeline.start(LocalOptions.DEFAULTS.withWorkers(0).withSweepInterval(Duration.ofHours(1)))) {
            pipeline.setLatency(0);
            new ColdStartBenchmark(pipeline, directory).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        List<Subject> subjects = new ArrayList<>();
        subjects.add(subject(empty("empty", EmptyStreamFunction.class)));
        subjects.add(subject(empty("empty, event read", EmptyFunction.class)));
        for (FunctionSpec spec : Topology.FUNCTIONS) {
            subjects.add(subject(PackagedFunction.unpack(spec, ARCHIVES, directory.resolve(spec.name()))));
        }
        for (int i = 0; i < STARTS; i++) {
            for (Subject subject : subjects) {
                subject.cold().add(start(subject, options(false, List.of())));
                subject.restored().add(start(subject, options(true, List.of())));
            }
        }
        System.out.println("| function | archive, MB | classes | initialised, ms | first invocation, ms | start to"
                + " first answer, ms | range | times empty | processor, ms | restored to first answer, ms | warm, ms |"
                + " memory after the first, MB | after the " + INVOCATIONS + "th, MB |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        double empty = coldMillis(subjects.getFirst());
        for (Subject subject : subjects) {
            row(subject, empty);
        }
    }

    private void row(Subject subject, double empty) throws IOException, InterruptedException {
        String name = subject.function().spec().name();
        Path classes = directory.resolve(name + "-classes");
        start(subject, options(false, List.of("-Xlog:class+load:file=" + classes)));
        Warm warm = warm(subject, options(false, List.of()));
        List<Double> totals =
                subject.cold().stream().map(Start::totalMillis).sorted().toList();
        try (Stream<String> loaded = Files.lines(classes)) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.1f | %,d | %.0f | %.0f | %.0f | %.0f to %.0f | %.1f | %.0f | %.0f | %.1f | %.0f | %.0f"
                            + " |%n",
                    name,
                    archiveMegabytes(name),
                    loaded.filter(line -> line.contains("source:")).count(),
                    median(subject.cold().stream().map(Start::readyMillis)),
                    median(subject.cold().stream().map(Start::answerMillis)),
                    coldMillis(subject),
                    totals.getFirst(),
                    totals.getLast(),
                    coldMillis(subject) / empty,
                    median(subject.cold().stream().map(Start::processorMillis)),
                    median(subject.restored().stream().map(Start::answerMillis)),
                    warm.medianMillis(),
                    median(subject.cold().stream().map(Start::memoryMegabytes)),
                    warm.memoryMegabytes());
        }
    }

    private static double coldMillis(Subject subject) {
        return median(subject.cold().stream().map(Start::totalMillis));
    }

    private PackagedFunction empty(String name, Class<?> handler) throws IOException {
        String file = handler.getName().replace('.', '/') + ".class";
        Path target = directory.resolve(name).resolve(file);
        Files.createDirectories(target.getParent());
        try (InputStream bytes = ColdStartBenchmark.class.getResourceAsStream("/" + file)) {
            Files.copy(Objects.requireNonNull(bytes), target);
        }
        FunctionSpec spec = new FunctionSpec(name, handler.getName(), Duration.ofSeconds(30), 512);
        return new PackagedFunction(spec, directory.resolve(name));
    }

    private Subject subject(PackagedFunction function) {
        return new Subject(function, events(function.spec()), new ArrayList<>(), new ArrayList<>());
    }

    private Supplier<String> events(FunctionSpec spec) {
        return switch (spec.name()) {
            case "request" -> () -> read("submit-job.json");
            case "worker" -> this::freshBatch;
            case "sweeper" -> () -> read("sweeper-schedule.json");
            case "dead-letter" -> () -> read("dead-letter-batch.json");
            default -> () -> "{}";
        };
    }

    private static String read(String event) {
        try {
            return Files.readString(EVENTS.resolve(event));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String freshBatch() {
        String id = UUID.randomUUID().toString();
        JobRequest request = JobRequest.of("Why do breakwaters work?");
        Job job = Job.queued(id, "cold", request, Instant.now());
        pipeline.jobs().create(job, request);
        ObjectNode batch = Json.read(read("worker-batch.json"), ObjectNode.class);
        batch.withArray("Records").remove(1);
        ((ObjectNode) batch.path("Records").get(0))
                .put("body", JobMessage.of(job).body());
        return batch.toString();
    }

    /** A function with what it is sent, and the starts that were measured. */
    private record Subject(
            PackagedFunction function, Supplier<String> events, List<Start> cold, List<Start> restored) {}

    /**
     * One start.
     *
     * @param readyMillis from the start of the process until it asks for an invocation, or for its snapshot
     * @param answerMillis from there to the first answer, with the restoring if there is one
     * @param processorMillis of both, on all cores; other processes of the machine have less of a say in it
     */
    private record Start(double readyMillis, double answerMillis, double processorMillis, double memoryMegabytes) {
        double totalMillis() {
            return readyMillis + answerMillis;
        }
    }

    private record Warm(double medianMillis, double memoryMegabytes) {}

    private static Start start(Subject subject, ProcessOptions options) throws IOException, InterruptedException {
        String event = subject.events().get();
        long begin = System.nanoTime();
        try (FunctionProcess process = FunctionProcess.start(subject.function(), options, Clock.systemUTC())) {
            long ready = System.nanoTime();
            if (options.snapStart()) {
                process.restore();
            }
            process.invoke(event, invocation(subject.function().spec()));
            long answered = System.nanoTime();
            Duration processor = process.process().info().totalCpuDuration().orElse(Duration.ZERO);
            return new Start(
                    (ready - begin) / 1e6, (answered - ready) / 1e6, processor.toMillis(), residentMegabytes(process));
        }
    }

    private static Warm warm(Subject subject, ProcessOptions options) throws IOException, InterruptedException {
        try (FunctionProcess process = FunctionProcess.start(subject.function(), options, Clock.systemUTC())) {
            List<Double> millis = new ArrayList<>();
            for (int i = 0; i < INVOCATIONS; i++) {
                String event = subject.events().get();
                long begin = System.nanoTime();
                process.invoke(event, invocation(subject.function().spec()));
                millis.add((System.nanoTime() - begin) / 1e6);
            }
            return new Warm(median(millis.stream().skip(INVOCATIONS / 3)), residentMegabytes(process));
        }
    }

    private ProcessOptions options(boolean snapStart, List<String> jvmArguments) {
        return new ProcessOptions(
                pipeline.environment(),
                directory,
                () -> "log",
                Stream.concat(ProcessOptions.LAMBDA_JVM.stream(), jvmArguments.stream())
                        .toList(),
                false,
                snapStart);
    }

    private static Invocation invocation(FunctionSpec spec) {
        return new Invocation(
                spec.deployedName(),
                UUID.randomUUID().toString(),
                Instant.now().plus(spec.timeout()),
                Clock.systemUTC());
    }

    private static double residentMegabytes(FunctionProcess process) throws IOException {
        try (Stream<String> lines =
                Files.lines(Path.of("/proc", Long.toString(process.process().pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static double archiveMegabytes(String name) throws IOException {
        Path archive = ARCHIVES.resolve(name + ".zip");
        return Files.exists(archive) ? Files.size(archive) / 1e6 : 0;
    }

    private static double median(Stream<Double> values) {
        List<Double> sorted = values.sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
