package io.breakwater.function.request;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import io.breakwater.admission.AdmissionControl;
import io.breakwater.admission.BacklogLimit;
import io.breakwater.admission.BacklogReport;
import io.breakwater.admission.BacklogWatch;
import io.breakwater.admission.ChainOutlook;
import io.breakwater.admission.InMemoryBacklogStore;
import io.breakwater.breaker.FleetBreaker;
import io.breakwater.breaker.InMemoryBreakerStore;
import io.breakwater.config.Configuration;
import io.breakwater.config.ConfigurationReader;
import io.breakwater.health.InMemoryRegionStore;
import io.breakwater.health.RegionRegistry;
import io.breakwater.health.RegionRule;
import io.breakwater.job.InMemoryJobQueue;
import io.breakwater.job.InMemoryJobStore;
import io.breakwater.job.Job;
import io.breakwater.job.JobMessage;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobRequest.WhenUnavailable;
import io.breakwater.job.JobStore;
import io.breakwater.json.Json;
import io.breakwater.pacing.InMemoryPaceStore;
import io.breakwater.pacing.Measure;
import io.breakwater.pacing.Pace;
import io.breakwater.pacing.PaceWatch;
import io.breakwater.result.InMemoryResultStore;
import io.breakwater.result.ResultStore;
import io.breakwater.routing.EndpointDirectory;
import io.breakwater.routing.FleetEndpointDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A request function on fakes, and a client of it that holds every answer against the OpenAPI file. */
final class Api {
    static final String ALICE = "arn:aws:iam::111122223333:user/alice";
    static final String BOB = "arn:aws:iam::111122223333:user/bob";

    static final BacklogLimit MAXIMUM_BACKLOG = new BacklogLimit(Duration.ofSeconds(60));

    Instant now = Instant.parse("2026-11-24T12:00:00.123456Z");

    /** What every service throws from now on. */
    @Nullable
    RuntimeException failure;

    /** What the queue throws from now on. */
    @Nullable
    RuntimeException queueFailure;

    private final InMemoryJobStore jobs = new InMemoryJobStore(() -> now);
    private final InMemoryJobQueue queue = new InMemoryJobQueue(() -> now);
    private final InMemoryBacklogStore backlog = new InMemoryBacklogStore();
    private final InMemoryPaceStore paces = new InMemoryPaceStore();
    private final AtomicInteger ids = new AtomicInteger();
    private final RequestFunction function;

    Api() {
        Configuration configuration = new ConfigurationReader().read("article");
        InMemoryBreakerStore breakers = new InMemoryBreakerStore();
        FleetBreaker breaker =
                new FleetBreaker(configuration.breaker(), breakers, () -> now, RandomGenerator.of("L64X128MixRandom"));
        RegionRegistry regions = new RegionRegistry(
                configuration.chain().endpoints(),
                new RegionRule(configuration.dailyQuotaScope()),
                breakers,
                new InMemoryRegionStore(),
                () -> now,
                breaker::loseRegion,
                _ -> {});
        EndpointDirectory endpoints = new FleetEndpointDirectory(
                configuration.chain(),
                breaker,
                breakers,
                regions,
                new PaceWatch(paces, breaker, configuration.quotas(), () -> now)::look,
                () -> now);
        function = new RequestFunction(
                faulty(JobStore.class, jobs),
                this::enqueue,
                faulty(ResultStore.class, new InMemoryResultStore()),
                new AdmissionControl(
                        new ChainOutlook(configuration.chain(), breaker),
                        Optional.of(new BacklogWatch(MAXIMUM_BACKLOG, backlog, () -> now)),
                        () -> now),
                faulty(EndpointDirectory.class, endpoints),
                configuration,
                () -> now,
                () -> "job-" + ids.incrementAndGet());
    }

    RequestFunction function() {
        return function;
    }

    /** A worker says how long the jobs that it takes have waited. */
    void reportBacklog(Duration waited) {
        backlog.write(new BacklogReport(waited, now.plusSeconds(15)));
    }

    /** The fleet finds that an endpoint throttles what is faster than this. */
    void pace(String endpointId, Measure measure, double perMinute) {
        paces.move(endpointId, 0, measure, new Pace(perMinute, now, now, 1));
    }

    void store(Job job) {
        jobs.create(
                job, new JobRequest(List.of(), null, null, null, List.of(), true, WhenUnavailable.QUEUE, 60, Map.of()));
    }

    Optional<Job> stored(String id) {
        return jobs.find(id);
    }

    List<Job> stored() {
        return Stream.of(ALICE, BOB)
                .flatMap(tenant -> jobs.list(tenant, null, JobStore.MAX_LIMIT, null).jobs().stream())
                .toList();
    }

    /** Takes the job as a worker would, and so learns what was asked for. */
    JobRequest claimed(String id) {
        return switch (jobs.claim(new JobMessage(id, 0), "claim-1", now.plusSeconds(60), now)) {
            case JobStore.Claim.Claimed claimed -> claimed.request();
            case JobStore.Claim.Refused refused -> throw new AssertionError(refused);
        };
    }

    List<InMemoryJobQueue.Sent> sent() {
        return queue.waiting();
    }

    private void enqueue(JobMessage message, String tenant, Duration delay) {
        if (queueFailure != null) {
            throw queueFailure;
        }
        queue.send(message, tenant, delay);
    }

    private <T> T faulty(Class<T> type, T service) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    if (failure != null) {
                        throw failure;
                    }
                    try {
                        return method.invoke(service, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    Call get(String path) {
        return new Call("GET", path);
    }

    Call post(String path, String body) {
        return new Call("POST", path).body(body);
    }

    Call put(String path, String body) {
        return new Call("PUT", path).body(body);
    }

    Call delete(String path) {
        return new Call("DELETE", path);
    }

    Call call(String method, String path) {
        return new Call(method, path);
    }

    /** What came back. */
    record Answer(int status, Map<String, String> headers, String body) {
        JsonNode json() {
            try {
                return Json.MAPPER.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The violations as {@code field: message}. */
        List<String> violations() {
            List<String> violations = new ArrayList<>();
            json().path("violations")
                    .forEach(violation -> violations.add(violation.path("field").asText() + ": "
                            + violation.path("message").asText()));
            return violations;
        }
    }

    /** A request on its way. */
    final class Call {
        private final String method;
        private final String path;
        private final Map<String, String> headers = new HashMap<>();
        private final Map<String, String> query = new HashMap<>();
        private RequestContext.@Nullable Authorizer authorizer = iam(ALICE);
        private @Nullable String body;
        private boolean base64;
        private String stage = "$default";

        private Call(String method, String path) {
            this.method = method;
            this.path = path;
        }

        Call body(String text) {
            body = text;
            headers.putIfAbsent("content-type", "application/json");
            return this;
        }

        Call base64() {
            base64 = true;
            return this;
        }

        Call header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        Call query(String name, String value) {
            query.put(name, value);
            return this;
        }

        Call as(String arn) {
            authorizer = iam(arn);
            return this;
        }

        Call as(RequestContext.@Nullable Authorizer given) {
            authorizer = given;
            return this;
        }

        Call anonymously() {
            authorizer = null;
            return this;
        }

        Call onStage(String name) {
            stage = name;
            return this;
        }

        Answer send() {
            APIGatewayV2HTTPResponse response = function.handleRequest(event(), new FakeContext("invocation-1"));
            OpenApi.check(method, path, response);
            return new Answer(response.getStatusCode(), response.getHeaders(), response.getBody());
        }

        private APIGatewayV2HTTPEvent event() {
            return APIGatewayV2HTTPEvent.builder()
                    .withVersion("2.0")
                    .withRawPath(stage.equals("$default") ? path : "/" + stage + path)
                    .withHeaders(headers)
                    .withQueryStringParameters(query.isEmpty() ? null : query)
                    .withBody(body)
                    .withIsBase64Encoded(base64)
                    .withRequestContext(RequestContext.builder()
                            .withStage(stage)
                            .withAuthorizer(authorizer)
                            .withHttp(RequestContext.Http.builder()
                                    .withMethod(method)
                                    .withPath(path)
                                    .build())
                            .build())
                    .build();
        }

        private static RequestContext.Authorizer iam(String arn) {
            return RequestContext.Authorizer.builder()
                    .withIam(RequestContext.IAM.builder().withUserArn(arn).build())
                    .build();
        }
    }
}
