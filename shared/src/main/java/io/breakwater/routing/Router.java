package io.breakwater.routing;

import io.breakwater.breaker.Admission;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.Outcome;
import io.breakwater.job.Attempt;
import io.breakwater.job.JobRequest;
import io.breakwater.job.ServedBy;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import io.breakwater.model.ModelClient;
import io.breakwater.model.ModelRequest;
import io.breakwater.model.ModelResult;
import io.breakwater.pacing.Measure;
import io.breakwater.pacing.Pacer;
import io.breakwater.pacing.Turn;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Takes a job along the chain until an endpoint answers: the first tier's endpoints, then, where its tokens are what is
 * short, the same endpoints with the next tier's tokens, then each lower tier's, with fewer tokens and where configured a
 * simpler answer.
 *
 * <p>Never adds to an outage: no endpoint is tried twice, a delivery makes at most
 * {@link CallSettings#maximumPerDelivery} calls, and each after the first is charged to the worker's
 * {@link RetryBudget}, unless its endpoint does well or the call is one of a breaker's few probes. An empty budget defers a
 * job, it never fails one.
 *
 * <p>Asks the breakers and the pacer and nobody else: the endpoints of an unhealthy region are open.
 */
public final class Router {
    /** How soon to try again when calls were made and failed, and no breaker says otherwise. */
    private static final Duration AFTER_FAILURES = Duration.ofSeconds(15);

    /** Less time than this is not worth beginning a call for. */
    private static final Duration SHORTEST_CALL = Duration.ofSeconds(1);

    /** An endpoint whose calls succeed at this rate is open to a job that failed elsewhere. */
    private static final double DOES_WELL = 0.7;

    private final Chain chain;
    private final CallSettings settings;
    private final FleetBreaker breaker;
    private final Pacer pacer;
    private final ModelClient models;
    private final InstantSource clock;
    private final EndpointOrder order;
    private final RetryBudget retries = new RetryBudget();

    public Router(
            Chain chain,
            CallSettings settings,
            FleetBreaker breaker,
            Pacer pacer,
            ModelClient models,
            InstantSource clock,
            RandomGenerator random) {
        this.chain = chain;
        this.settings = settings;
        this.breaker = breaker;
        this.pacer = pacer;
        this.models = models;
        this.clock = clock;
        this.order = new EndpointOrder(random);
    }

    /**
     * Has the request answered, if any endpoint will.
     *
     * @param lastStart from when on no call is begun, as nobody waits for its answer any more
     * @param deadline when the last call must be over
     */
    public Routing route(JobRequest request, Instant lastStart, Instant deadline) {
        return new Delivery(lastStart, deadline).along(chain.rungs(request));
    }

    /** One delivery's way along the chain. */
    private final class Delivery {
        private final Instant lastStart;
        private final Instant deadline;
        private final List<Attempt> attempts = new ArrayList<>();
        private final List<String> obstacles = new ArrayList<>();
        private final List<Endpoint> shortOfTokens = new ArrayList<>();
        private @Nullable Instant soonestRetry;
        private boolean budgetUsedUp;

        private Delivery(Instant lastStart, Instant deadline) {
            this.lastStart = lastStart;
            this.deadline = deadline;
        }

        private Routing along(List<Rung> rungs) {
            for (int i = 0; i < rungs.size(); i++) {
                Rung rung = rungs.get(i);
                shortOfTokens.clear();
                Routing end = along(rung, order.of(rung.tier()));
                if (end == null && i + 1 < rungs.size() && rungs.get(i + 1).maxTokens() < rung.maxTokens()) {
                    end = along(rung.with(rungs.get(i + 1).maxTokens()), List.copyOf(shortOfTokens));
                }
                if (end != null) {
                    return end;
                }
            }
            return unavailable();
        }

        private @Nullable Routing along(Rung rung, List<Endpoint> endpoints) {
            for (Endpoint endpoint : endpoints) {
                Routing end = tryAt(rung, endpoint);
                if (end != null) {
                    return end;
                }
            }
            return null;
        }

        /** How the delivery ends here, or null when it goes on to the next endpoint. */
        private @Nullable Routing tryAt(Rung rung, Endpoint endpoint) {
            if (attempts.size() >= settings.maximumPerDelivery()) {
                return unavailable();
            }
            Instant now = clock.instant();
            Duration left = Duration.between(now, deadline);
            if (!now.isBefore(lastStart) || left.compareTo(SHORTEST_CALL) < 0) {
                obstacles.add("no time left for " + endpoint);
                return unavailable();
            }
            boolean charged =
                    !attempts.isEmpty() && breaker.successRate(endpoint).orElse(DOES_WELL) < DOES_WELL;
            if (charged && !retries.withdraw()) {
                budgetUsedUp = true;
                return refused(
                        endpoint + " would be a further call, and the budget for those is used up",
                        clock.instant().plus(AFTER_FAILURES));
            }
            int made = attempts.size();
            Routing end = ask(rung, endpoint, left.compareTo(settings.timeout()) < 0 ? left : settings.timeout());
            if (charged && attempts.size() == made) {
                retries.giveBack();
            }
            return end;
        }

        private @Nullable Routing ask(Rung rung, Endpoint endpoint, Duration timeout) {
            ModelRequest request = rung.modelRequest();
            return switch (pacer.ask(endpoint, request.reservedTokens())) {
                case Turn.TooFast(Measure measure, Instant retryAt) -> {
                    if (measure == Measure.TOKENS) {
                        shortOfTokens.add(endpoint);
                    }
                    yield refused(endpoint + " has no room within its pace", retryAt);
                }
                case Turn.Taken turn -> admit(rung, endpoint, request, turn, timeout);
            };
        }

        private @Nullable Routing admit(
                Rung rung, Endpoint endpoint, ModelRequest request, Turn.Taken turn, Duration timeout) {
            return switch (breaker.admit(endpoint, timeout, turn::spacing)) {
                case Admission.Refusal refusal -> {
                    turn.giveBack();
                    yield refused(endpoint + " is " + refusal.state(), refusal.retryAt());
                }
                case Admission.Permit permit ->
                    outcome(rung, endpoint, call(rung, endpoint, request, turn, permit, timeout));
            };
        }

        private @Nullable Routing refused(String obstacle, Instant retryAt) {
            obstacles.add(obstacle);
            retryAt(retryAt);
            return null;
        }

        private ModelResult call(
                Rung rung,
                Endpoint endpoint,
                ModelRequest request,
                Turn.Taken turn,
                Admission.Permit permit,
                Duration timeout) {
            Instant start = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            Outcome outcome = new Outcome.Ignored();
            if (attempts.isEmpty()) {
                retries.deposit();
            }
            try {
                ModelResult result = models.call(endpoint, request, timeout);
                Duration took = Duration.between(start, clock.instant());
                outcome = ended(endpoint, result, turn, took);
                attempts.add(new Attempt(
                        endpoint.id(), rung.tier().name(), name(result), start, took.toMillis(), request.maxTokens()));
                return result;
            } finally {
                permit.end(outcome);
            }
        }

        /** What the call says about its endpoint. A throttle that pace explains says nothing. */
        private Outcome ended(Endpoint endpoint, ModelResult result, Turn.Taken turn, Duration took) {
            switch (result) {
                case ModelResult.Reply reply -> {
                    order.answered(endpoint, took);
                    turn.used((long) reply.usage().inputTokens() + reply.usage().outputTokens());
                }
                case ModelResult.Failure failure
                when failure.kind() == FailureKind.THROTTLED -> {
                    if (turn.throttled(failure.isForTokens() ? Measure.TOKENS : Measure.REQUESTS)) {
                        return new Outcome.Ignored();
                    }
                }
                case ModelResult.Failure _ -> turn.used(0);
            }
            return Outcome.of(result);
        }

        private @Nullable Routing outcome(Rung rung, Endpoint endpoint, ModelResult result) {
            return switch (result) {
                case ModelResult.Reply reply ->
                    new Routing.Served(
                            reply,
                            new ServedBy(
                                    endpoint.region(),
                                    endpoint.model(),
                                    rung.tier().name()),
                            rung.degradation(),
                            attempts);
                case ModelResult.Failure failure
                when failure.kind() == FailureKind.CALLER_FAULT -> new Routing.Rejected(failure, attempts);
                case ModelResult.Failure failure -> {
                    obstacles.add(endpoint + " failed: " + failure.message());
                    yield null;
                }
            };
        }

        private void retryAt(Instant instant) {
            soonestRetry = soonestRetry == null || instant.isBefore(soonestRetry) ? instant : soonestRetry;
        }

        private Routing unavailable() {
            if (!attempts.isEmpty()) {
                retryAt(clock.instant().plus(AFTER_FAILURES));
            }
            Instant retryAt = Objects.requireNonNullElseGet(
                    soonestRetry, () -> clock.instant().plus(AFTER_FAILURES));
            return new Routing.Unavailable(retryAt, String.join("; ", obstacles), budgetUsedUp, attempts);
        }
    }

    private static String name(ModelResult result) {
        return switch (result) {
            case ModelResult.Reply _ -> "SUCCESS";
            case ModelResult.Failure failure -> failure.kind().name();
        };
    }
}
