package io.breakwater.simulation.pipeline;

import io.breakwater.job.JobRequest;
import io.breakwater.job.JobRequest.WhenUnavailable;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import io.breakwater.model.Message;
import io.breakwater.pacing.Quota;
import io.breakwater.routing.Chain;
import io.breakwater.routing.Tier;
import io.breakwater.simulation.pipeline.SimulatedModels.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Who works, for how many jobs, and what goes wrong in the eventful time at the beginning.
 *
 * @param submitting over which the jobs come
 * @param load the jobs and who is there for them
 * @param service how the endpoints answer when they do
 * @param models what is wrong with them
 * @param processFaults how likely it is that something befalls a request
 * @param messageFaults how likely it is that a message is lost, comes twice, or comes late; each
 * @param crashAt the one place at which a process dies, counted over all writes, sends and acknowledgements, before and
 *     after
 * @param killer whether one job kills whatever process serves it
 * @param sweeping whether the sweeper runs
 * @param aim what is to be shown, beside the invariants
 */
record Scenario(
        Duration submitting,
        Duration eventful,
        Load load,
        Service service,
        Weather models,
        double processFaults,
        double messageFaults,
        @Nullable Integer crashAt,
        boolean killer,
        boolean sweeping,
        Aim aim) {
    static final Duration LONGEST_DEADLINE = Duration.ofHours(12);

    /** Two regions and three tiers, with one endpoint that has no like. */
    static final Chain CHAIN = new Chain(List.of(
            new Tier("primary", List.of(endpoint("us-east-1", "big"), endpoint("us-west-2", "big")), 1_000, false),
            new Tier("fallback", List.of(endpoint("us-east-1", "middle"), endpoint("us-west-2", "middle")), 500, false),
            new Tier("emergency", List.of(endpoint("us-west-2", "small")), 200, true)));

    private static final Load FEW = new Load(48, 4, 4, Duration.ofSeconds(40), false, 2, OptionalInt.of(2));
    private static final Load TINY = new Load(4, 2, 2, Duration.ofMinutes(1), false, 1, OptionalInt.of(1));
    private static final Load SOME = new Load(300, 8, 5, Duration.ofSeconds(2), true, 2, OptionalInt.of(12));
    private static final Load MANY = new Load(2_000, 20, 10, Duration.ofSeconds(2), true, 1, OptionalInt.empty());

    private static final Service SLOW = new Service(20, true, false, Duration.ofMillis(50), Duration.ofSeconds(70));
    private static final Service STEADY = new Service(300, false, true, Duration.ofSeconds(1), Duration.ofSeconds(8));

    /** Everything at once. */
    static final Scenario MANY_FAULTS = new Scenario(
            Duration.ofMinutes(200),
            Duration.ofHours(3),
            FEW,
            SLOW,
            Weather.CHANGING,
            0.04,
            0.08,
            null,
            true,
            true,
            Aim.ALL_END);

    static final Scenario NO_SWEEPER = new Scenario(
            Duration.ofMinutes(40),
            Duration.ofHours(3),
            FEW,
            SLOW,
            Weather.CHANGING,
            0.04,
            0.08,
            null,
            true,
            false,
            Aim.ALL_END);

    /** Nothing but an outage, of hours. */
    static final Scenario OUTAGE = new Scenario(
            Duration.ofMinutes(40),
            Duration.ofHours(3),
            FEW,
            SLOW,
            Weather.OUTAGE,
            0,
            0,
            null,
            false,
            true,
            Aim.ALL_END);

    /** Thousands of jobs, and no endpoint that serves one. */
    static final Scenario TOTAL_FAILURE = new Scenario(
            Duration.ofMinutes(20),
            Duration.ofMinutes(40),
            MANY,
            STEADY,
            Weather.OUTAGE,
            0,
            0,
            null,
            false,
            true,
            Aim.HARDLY_A_CALL);

    /** The same of hundreds, while processes die and requests get lost. */
    static final Scenario TOTAL_FAILURE_WITH_FAULTS = new Scenario(
            Duration.ofMinutes(20),
            Duration.ofMinutes(60),
            SOME,
            STEADY,
            Weather.OUTAGE,
            0.02,
            0.05,
            null,
            false,
            true,
            Aim.HARDLY_A_CALL);

    /** Thousands of jobs come within an outage, and must be served after it within the endpoints' quotas. */
    static final Scenario BACKLOG = new Scenario(
            Duration.ofMinutes(50),
            Duration.ofMinutes(45),
            MANY,
            STEADY,
            Weather.OUTAGE,
            0,
            0,
            null,
            false,
            true,
            Aim.NO_OPENING);

    /** An outage with some lost messages, and a crash. */
    static Scenario oneCrash(int crashAt) {
        return new Scenario(
                Duration.ofMinutes(40),
                Duration.ofHours(2),
                TINY,
                SLOW,
                Weather.OUTAGE,
                0,
                0.1,
                crashAt,
                false,
                true,
                Aim.ALL_END);
    }

    /** What a scenario is for. */
    enum Aim {
        /** Every job ends in time. */
        ALL_END,
        /** Nobody calls what fails; what comes after the eventful time is not looked at. */
        HARDLY_A_CALL,
        /** Every job ends, and no breaker opens after the eventful time. */
        NO_OPENING
    }

    /**
     * Jobs and workers.
     *
     * @param batch the most jobs that a worker serves at once
     * @param poll the longest time that a worker waits before it asks for messages
     * @param patient whether every job waits and has the usual deadline; otherwise they differ
     * @param tenants whose jobs they are, in turn
     * @param inFlight jobs that a tenant may have in flight, if there is a limit
     */
    record Load(int jobs, int workers, int batch, Duration poll, boolean patient, int tenants, OptionalInt inFlight) {
        List<String> tenantNames() {
            return IntStream.range(0, tenants)
                    .mapToObj(number -> "tenant-" + number)
                    .toList();
        }
    }

    /**
     * An endpoint that is well.
     *
     * @param requestsPerMinute its quota
     * @param inWholeMinutes whether the quota is renewed with each minute, and not bit by bit
     * @param known whether the quota is in the configuration; otherwise it is to be learnt
     */
    record Service(
            int requestsPerMinute, boolean inWholeMinutes, boolean known, Duration shortestCall, Duration longestCall) {
        Map<Endpoint, Quota> quotas() {
            Quota quota = new Quota(OptionalDouble.of(requestsPerMinute), OptionalDouble.empty());
            return known
                    ? CHAIN.endpoints().stream().collect(Collectors.toMap(endpoint -> endpoint, _ -> quota))
                    : Map.of();
        }
    }

    /** What is wrong with the models. */
    enum Weather {
        /** All are down. */
        OUTAGE {
            @Override
            List<Trouble> troubles(Instant start, Instant end, SplittableRandom random) {
                FailureKind kind = List.of(FailureKind.SERVER_ERROR, FailureKind.TIMEOUT, FailureKind.THROTTLED)
                        .get(random.nextInt(3));
                return List.of(new Trouble(_ -> true, start, end, kind, 1));
            }
        },
        /** Now this, now that, here and there. */
        CHANGING {
            @Override
            List<Trouble> troubles(Instant start, Instant end, SplittableRandom random) {
                List<Trouble> troubles = new ArrayList<>();
                for (int trouble = 3 + random.nextInt(10); trouble > 0; trouble--) {
                    Instant from = start.plusSeconds(
                            random.nextLong(Duration.between(start, end).toSeconds()));
                    FailureKind kind = KINDS.get(random.nextInt(KINDS.size()));
                    Duration length = kind == FailureKind.DAILY_QUOTA
                            ? Duration.ofHours(3)
                            : Duration.ofSeconds(60 + random.nextInt(5_400));
                    Instant until = from.plus(length);
                    troubles.add(new Trouble(
                            somewhere(random),
                            from,
                            until.isBefore(end) ? until : end,
                            kind,
                            random.nextBoolean() ? 1 : random.nextDouble()));
                }
                troubles.add(new Trouble(_ -> true, start, end, FailureKind.SERVER_ERROR, 0.03));
                troubles.add(new Trouble(_ -> true, start, end, FailureKind.CALLER_FAULT, 0.005));
                return troubles;
            }
        };

        private static final List<FailureKind> KINDS = List.of(
                FailureKind.SERVER_ERROR,
                FailureKind.SERVER_ERROR,
                FailureKind.TIMEOUT,
                FailureKind.TIMEOUT,
                FailureKind.THROTTLED,
                FailureKind.THROTTLED,
                FailureKind.MALFORMED,
                FailureKind.DAILY_QUOTA,
                FailureKind.ACCESS_DENIED,
                FailureKind.END_OF_LIFE);

        abstract List<Trouble> troubles(Instant start, Instant end, SplittableRandom random);

        /** Everywhere, in a region, or at one endpoint. */
        private static Predicate<Endpoint> somewhere(SplittableRandom random) {
            Endpoint one =
                    CHAIN.endpoints().get(random.nextInt(CHAIN.endpoints().size()));
            return switch (random.nextInt(4)) {
                case 0 -> _ -> true;
                case 1, 2 -> endpoint -> endpoint.region().equals(one.region());
                default -> one::equals;
            };
        }
    }

    /** What the client of this job asks for; its prompt is the job's id, by which the model knows it. */
    JobRequest request(String id, SplittableRandom random) {
        boolean plain = load.patient();
        return new JobRequest(
                List.of(new Message(Message.Role.USER, id)),
                null,
                null,
                null,
                List.of(),
                plain || random.nextInt(4) != 0,
                plain || random.nextInt(5) != 0 ? WhenUnavailable.QUEUE : WhenUnavailable.FAIL,
                plain
                        ? JobRequest.DEFAULT_DEADLINE_SECONDS
                        : random.nextBoolean() ? 60 + random.nextInt(7_200) : LONGEST_DEADLINE.toSeconds(),
                Map.of());
    }

    private static Endpoint endpoint(String region, String model) {
        return new Endpoint(region, model, model);
    }
}
