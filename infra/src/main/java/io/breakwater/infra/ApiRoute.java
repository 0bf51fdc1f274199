package io.breakwater.infra;

import java.util.List;

/**
 * A route of the HTTP API. There is no catch-all: what is not listed, API Gateway refuses before it gets to the function, so
 * that a path in an odd spelling cannot pass by the permission that it needs.
 *
 * @param method such as {@code GET}
 * @param path with its variables: {@code /jobs/{id}}
 */
record ApiRoute(String method, String path, Audience audience) {
    /** Whom a route is for. */
    enum Audience {
        /** Who submits jobs and asks for them. */
        CALLER,
        /** Who looks after the endpoints. */
        OPERATOR
    }

    static final List<ApiRoute> ALL = List.of(
            new ApiRoute("POST", "/jobs", Audience.CALLER),
            new ApiRoute("GET", "/jobs", Audience.CALLER),
            new ApiRoute("GET", "/jobs/{id}", Audience.CALLER),
            new ApiRoute("DELETE", "/jobs/{id}", Audience.CALLER),
            new ApiRoute("GET", "/jobs/{id}/result", Audience.CALLER),
            new ApiRoute("GET", "/healthz", Audience.CALLER),
            new ApiRoute("GET", "/openapi.yaml", Audience.CALLER),
            new ApiRoute("GET", "/endpoints", Audience.OPERATOR),
            new ApiRoute("GET", "/endpoints/{region}/{model}", Audience.OPERATOR),
            new ApiRoute("PUT", "/endpoints/{region}/{model}/override", Audience.OPERATOR));

    /** The path in a resource's ARN, where a variable is any one. */
    String resource() {
        return method + path.replaceAll("\\{\\w+}", "*");
    }
}
