package io.breakwater.routing;

import io.breakwater.breaker.Admission;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.Outcome;
import io.breakwater.job.Attempt;
import io.breakwater.job.Degradation;
import io.breakwater.job.JobRequest;
import io.breakwater.job.ServedBy;
import io.breakwater.model.Endpoint;
import io.breakwater.model.FailureKind;
import io.breakwater.model.ModelClient;
import io.breakwater.model.ModelRequest;
import io.breakwater.model.ModelResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes a job along the chain until an endpoint answers: the first tier's endpoints in order, then each lower tier's,
 * with fewer tokens and where configured a simpler answer.
 *
 * <p>Never retries an endpoint, and makes at most {@link CallSettings#maximumPerDelivery} calls for a delivery: a job
 * multiplies into no more load than that, whatever fails.
 *
 * <p>Asks the breakers and nobody else: the endpoints of an unhealthy region are open.
 */
public final class Router {
    /** How soon to try again when calls were made and failed, and no breaker says otherwise. */
    private static final Duration AFTER_FAILURES = Duration.ofSeconds(15);

    /** Less time than this is not worth beginning a call for. */
    private static final Duration SHORTEST_CALL = Duration.ofSeconds(1);

    private static final String SIMPLIFY = "Answer briefly and in simple words.";

    private final Chain chain;
    private final CallSettings settings;
    private final FleetBreaker breaker;
    private final ModelClient models;
    private final InstantSource clock;

    public Router(Chain chain, CallSettings settings, FleetBreaker breaker, ModelClient models, InstantSource clock) {
        this.chain = chain;
        this.settings = settings;
        this.breaker = breaker;
        this.models = models;
        this.clock = clock;
    }

    /**
     * Has the request answered, if any endpoint will.
     *
     * @param deadline when the last call must be over
     */
    public Routing route(JobRequest request, Instant deadline) {
        Delivery delivery = new Delivery(request, deadline);
        for (Tier tier : request.allowDegraded() ? chain.tiers() : chain.tiers().subList(0, 1)) {
            for (Endpoint endpoint : tier.endpoints()) {
                Routing end = delivery.tryAt(tier, endpoint);
                if (end != null) {
                    return end;
                }
            }
        }
        return delivery.unavailable();
    }

    private int tokens(Tier tier, JobRequest request) {
        return request.maxTokens() == null ? tier.maxTokens() : Math.min(request.maxTokens(), tier.maxTokens());
    }

    private @Nullable Degradation degradation(Tier tier, JobRequest request) {
        Tier primary = chain.tiers().getFirst();
        if (tier.equals(primary)) {
            return null;
        }
        int tokens = tokens(tier, request);
        return new Degradation(
                tier.name(), tokens < tokens(primary, request) ? tokens : null, tier.simplify() ? true : null);
    }

    private ModelRequest modelRequest(Tier tier, JobRequest request) {
        return new ModelRequest(
                request.messages(),
                tier.simplify() ? simplified(request.system()) : request.system(),
                tokens(tier, request),
                request.temperature(),
                request.stopSequences());
    }

    private static String simplified(@Nullable String system) {
        return system == null ? SIMPLIFY : system + "\n\n" + SIMPLIFY;
    }

    /** One delivery's way along the chain. */
    private final class Delivery {
        private final JobRequest request;
        private final Instant deadline;
        private final List<Attempt> attempts = new ArrayList<>();
        private final List<String> obstacles = new ArrayList<>();
        private @Nullable Instant soonestRetry;

        private Delivery(JobRequest request, Instant deadline) {
            this.request = request;
            this.deadline = deadline;
        }

        /** How the delivery ends here, or null when it goes on to the next endpoint. */
        private @Nullable Routing tryAt(Tier tier, Endpoint endpoint) {
            if (attempts.size() >= settings.maximumPerDelivery()) {
                return unavailable();
            }
            Duration left = Duration.between(clock.instant(), deadline);
            if (left.compareTo(SHORTEST_CALL) < 0) {
                obstacles.add("no time left for " + endpoint);
                return unavailable();
            }
            Duration timeout = left.compareTo(settings.timeout()) < 0 ? left : settings.timeout();
            return switch (breaker.admit(endpoint, timeout)) {
                case Admission.Refusal refusal -> {
                    obstacles.add(endpoint + " is " + refusal.state());
                    retryAt(refusal.retryAt());
                    yield null;
                }
                case Admission.Permit permit -> outcome(tier, endpoint, call(tier, endpoint, permit, timeout));
            };
        }

        private ModelResult call(Tier tier, Endpoint endpoint, Admission.Permit permit, Duration timeout) {
            ModelRequest modelRequest = modelRequest(tier, request);
            Instant start = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            Outcome outcome = new Outcome.Ignored();
            try {
                ModelResult result = models.call(endpoint, modelRequest, timeout);
                outcome = Outcome.of(result);
                attempts.add(new Attempt(
                        endpoint.id(),
                        tier.name(),
                        name(result),
                        start,
                        Duration.between(start, clock.instant()).toMillis(),
                        modelRequest.maxTokens()));
                return result;
            } finally {
                permit.end(outcome);
            }
        }

        private @Nullable Routing outcome(Tier tier, Endpoint endpoint, ModelResult result) {
            return switch (result) {
                case ModelResult.Reply reply ->
                    new Routing.Served(
                            reply,
                            new ServedBy(endpoint.region(), endpoint.model(), tier.name()),
                            degradation(tier, request),
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
            return new Routing.Unavailable(retryAt, String.join("; ", obstacles), attempts);
        }
    }

    private static String name(ModelResult result) {
        return switch (result) {
            case ModelResult.Reply _ -> "SUCCESS";
            case ModelResult.Failure failure -> failure.kind().name();
        };
    }
}
