package io.breakwater.function.request;

import io.breakwater.admission.Refusal;
import io.breakwater.json.Violation;
import java.util.List;
import java.util.Map;

/** Ends the handling of a request with a problem as its response. */
final class ProblemException extends RuntimeException {
    private final transient Response response;

    private ProblemException(Problem problem, Response response) {
        super(problem.title() + ": " + problem.detail());
        this.response = response;
    }

    ProblemException(Problem problem, Map<String, String> headers) {
        this(problem, Response.problem(problem, headers));
    }

    ProblemException(Problem.Kind kind, String detail) {
        this(Problem.of(kind, detail), Map.of());
    }

    /** The request breaks rules, all of which are named. */
    static ProblemException invalid(List<Violation> violations) {
        String detail = violations.size() == 1 ? violations.getFirst().toString() : violations.size() + " violations";
        return new ProblemException(Problem.of(Problem.Kind.INVALID_REQUEST, detail, violations), Map.of());
    }

    /** The job is not accepted now; the answer says why, and when to submit it again. */
    static ProblemException refused(Refusal refusal) {
        Problem problem = switch (refusal) {
            case Refusal.NoEndpoint _ ->
                Problem.of(
                        Problem.Kind.NO_ENDPOINT_AVAILABLE,
                        "no endpoint that the job may use takes calls now, and it was not to wait; submit it"
                                + " again after Retry-After, or with whenUnavailable: queue");
            case Refusal.BacklogTooOld backlog ->
                Problem.of(
                        Problem.Kind.BACKLOG_TOO_OLD,
                        "jobs wait %d s for a worker, more than the %d s that are allowed; submit it again after"
                                        .formatted(
                                                backlog.waited().toSeconds(),
                                                backlog.maximum().toSeconds())
                                + " Retry-After");
        };
        return new ProblemException(problem, Response.retryLater(problem, refusal.retryAfter()));
    }

    Response response() {
        return response;
    }
}
