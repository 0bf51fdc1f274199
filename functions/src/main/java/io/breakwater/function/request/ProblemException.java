package io.breakwater.function.request;

import io.breakwater.json.Violation;
import java.util.List;
import java.util.Map;

/** Ends the handling of a request with a problem as its response. */
final class ProblemException extends RuntimeException {
    private final transient Response response;

    ProblemException(Problem problem, Map<String, String> headers) {
        super(problem.title() + ": " + problem.detail());
        response = Response.problem(problem, headers);
    }

    ProblemException(Problem.Kind kind, String detail) {
        this(Problem.of(kind, detail), Map.of());
    }

    /** The request breaks rules, all of which are named. */
    static ProblemException invalid(List<Violation> violations) {
        String detail = violations.size() == 1 ? violations.getFirst().toString() : violations.size() + " violations";
        return new ProblemException(Problem.of(Problem.Kind.INVALID_REQUEST, detail, violations), Map.of());
    }

    Response response() {
        return response;
    }
}
