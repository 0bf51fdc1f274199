package io.breakwater.function.request;

import io.breakwater.admission.Intake;
import io.breakwater.admission.Refusal;
import io.breakwater.job.Job;
import io.breakwater.job.JobRequest;
import io.breakwater.job.JobStatus;
import io.breakwater.job.JobStore;
import io.breakwater.job.StoredResult;
import io.breakwater.json.JsonSchema;
import io.breakwater.json.Spelling;
import io.breakwater.json.Violation;
import io.breakwater.result.ResultStore;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Everything under {@code /jobs}. */
final class JobRoutes {
    static final Duration RESULT_URL_VALIDITY = Duration.ofMinutes(5);
    static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_CURSOR_LENGTH = 2048;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,255}");

    private final Intake intake;
    private final JobStore jobs;
    private final ResultStore results;
    private final InstantSource clock;
    private final JsonBody submissions;

    JobRoutes(Intake intake, JobStore jobs, ResultStore results, InstantSource clock, JsonSchema submission) {
        this.intake = intake;
        this.jobs = jobs;
        this.results = results;
        this.clock = clock;
        this.submissions = new JsonBody(submission, Submission::violations);
    }

    void addTo(Routes routes) {
        routes.on("POST", "/jobs", this::submit)
                .on("GET", "/jobs", this::list)
                .on("GET", "/jobs/{id}", (request, path) -> get(request, path.get("id")))
                .on("DELETE", "/jobs/{id}", (request, path) -> cancel(request, path.get("id")))
                .on("GET", "/jobs/{id}/result", (request, path) -> result(request, path.get("id")));
    }

    private Response submit(Request request) {
        String tenant = request.tenant();
        Optional<String> key = idempotencyKey(request);
        JobRequest submission = Submission.request(submissions.parse(request.body()));
        Intake.Answer answer = key.map(given -> intake.submit(tenant, given, submission))
                .orElseGet(() -> intake.submit(tenant, submission));
        return switch (answer) {
            case Intake.Answer.Accepted(Job job) -> accepted(job);
            case Intake.Answer.Stored(Job job) ->
                Response.retryLater(
                        Problem.of(
                                Problem.Kind.UNAVAILABLE,
                                "job " + job.id()
                                        + " is stored but not under way yet; it will be in a while, or at once"
                                        + " when you repeat the request with the same Idempotency-Key"),
                        RETRY_AFTER);
            case Intake.Answer.KeyReused() ->
                throw new ProblemException(
                        Problem.Kind.IDEMPOTENCY_KEY_REUSED,
                        "this Idempotency-Key came with another body before; use a new key for a new job");
            case Intake.Answer.Refused(Refusal refusal) -> throw ProblemException.refused(refusal);
        };
    }

    private static Response accepted(Job job) {
        return Response.accepted(JobView.path(job.id()), JobView.of(job));
    }

    private static Optional<String> idempotencyKey(Request request) {
        Optional<String> key = request.header("Idempotency-Key");
        if (key.filter(given -> !KEY.matcher(given).matches()).isPresent()) {
            throw ProblemException.invalid(
                    List.of(new Violation("Idempotency-Key", "must be 1 to 255 visible ASCII characters")));
        }
        return key;
    }

    private Response get(Request request, @Nullable String id) {
        return Response.ok(JobView.of(own(request, id)));
    }

    private Response result(Request request, @Nullable String id) {
        Job job = own(request, id);
        StoredResult result = job.result();
        if (result == null) {
            throw new ProblemException(
                    Problem.Kind.CONFLICT,
                    "the job is " + job.status() + " and has no result"
                            + (job.status().isFinal() ? "" : " yet"));
        }
        return Response.found(results.presign(result.key(), RESULT_URL_VALIDITY).toString());
    }

    private Response cancel(Request request, @Nullable String id) {
        String tenant = request.tenant();
        return switch (jobs.cancel(valid(id), tenant, clock.instant().truncatedTo(ChronoUnit.MILLIS))) {
            case JobStore.Cancellation.Cancelled(Job job) -> Response.ok(JobView.of(job));
            case JobStore.Cancellation.AlreadyFinal(Job job) ->
                throw new ProblemException(Problem.Kind.CONFLICT, "the job is " + job.status() + " and stays so");
            case JobStore.Cancellation.NotFound() -> throw notFound(id);
        };
    }

    /** The caller's job; that another's exists is not for them to know. */
    private Job own(Request request, @Nullable String id) {
        String tenant = request.tenant();
        return jobs.find(valid(id)).filter(job -> job.tenant().equals(tenant)).orElseThrow(() -> notFound(id));
    }

    private static String valid(@Nullable String id) {
        if (id == null || !ID.matcher(id).matches()) {
            throw new ProblemException(Problem.Kind.NOT_FOUND, "there is no such job");
        }
        return id;
    }

    private static ProblemException notFound(@Nullable String id) {
        return new ProblemException(Problem.Kind.NOT_FOUND, "there is no job " + id);
    }

    private Response list(Request request) {
        String tenant = request.tenant();
        ListQuery query = ListQuery.of(request.query());
        try {
            return Response.ok(PageView.of(jobs.list(tenant, query.status, query.limit, query.cursor)));
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(List.of(new Violation("cursor", "must be the cursor of a page before")));
        }
    }

    private record PageView(List<JobView> jobs, @Nullable String cursor) {
        static PageView of(JobStore.Page page) {
            return new PageView(page.jobs().stream().map(JobView::of).toList(), page.cursor());
        }
    }

    private record ListQuery(
            @Nullable JobStatus status, int limit, @Nullable String cursor) {
        private static final List<String> PARAMETERS = List.of("status", "limit", "cursor");

        static ListQuery of(Map<String, String> query) {
            List<Violation> violations = new ArrayList<>();
            query.keySet().stream()
                    .filter(name -> !PARAMETERS.contains(name))
                    .forEach(name -> violations.add(
                            new Violation(name, "is not a known parameter" + Spelling.suggestion(name, PARAMETERS))));
            JobStatus status = status(query.get("status"), violations);
            int limit = limit(query.get("limit"), violations);
            String cursor = query.get("cursor");
            if (cursor != null && (cursor.isEmpty() || cursor.length() > MAX_CURSOR_LENGTH)) {
                violations.add(new Violation("cursor", "must be the cursor of a page before"));
            }
            if (!violations.isEmpty()) {
                throw ProblemException.invalid(violations);
            }
            return new ListQuery(status, limit, cursor);
        }

        private static @Nullable JobStatus status(@Nullable String given, List<Violation> violations) {
            if (given == null) {
                return null;
            }
            Optional<JobStatus> status = Arrays.stream(JobStatus.values())
                    .filter(value -> value.name().equals(given))
                    .findFirst();
            if (status.isEmpty()) {
                violations.add(new Violation(
                        "status",
                        Arrays.stream(JobStatus.values())
                                .map(Enum::name)
                                .collect(Collectors.joining(", ", "must be one of ", ""))));
            }
            return status.orElse(null);
        }

        private static int limit(@Nullable String given, List<Violation> violations) {
            if (given == null) {
                return DEFAULT_LIMIT;
            }
            int limit = given.matches("\\d{1,3}") ? Integer.parseInt(given) : 0;
            if (limit < 1 || limit > JobStore.MAX_LIMIT) {
                violations.add(new Violation("limit", "must be an integer from 1 to " + JobStore.MAX_LIMIT));
            }
            return limit;
        }
    }
}
