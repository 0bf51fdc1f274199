package io.breakwater.function.request;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The API's methods and path templates, and who serves them. */
final class Routes {
    private final List<Route> routes = new ArrayList<>();

    Routes on(String method, String template, Function<Request, Response> handler) {
        return on(method, template, (request, _) -> handler.apply(request));
    }

    /** Adds a route whose handler is given what stands in the path for the template's variables. */
    Routes on(String method, String template, BiFunction<Request, Map<String, String>, Response> handler) {
        routes.add(new Route(method, template, List.of(template.split("/", -1)), handler));
        return this;
    }

    /** Each route as {@code GET /jobs/{id}}. */
    List<String> names() {
        return routes.stream().map(route -> route.method + " " + route.template).toList();
    }

    Response serve(Request request) {
        String[] path = request.path().split("/", -1);
        TreeSet<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> variables = route.match(path);
            if (variables.isPresent() && route.method.equals(request.method())) {
                return route.handler.apply(request, variables.get());
            }
            variables.ifPresent(_ -> allowed.add(route.method));
        }
        if (allowed.isEmpty()) {
            throw new ProblemException(
                    Problem.Kind.NOT_FOUND, "there is nothing at this path; GET /openapi.yaml lists what there is");
        }
        String methods = String.join(", ", allowed);
        throw new ProblemException(
                Problem.of(Problem.Kind.METHOD_NOT_ALLOWED, "this path takes " + methods), Map.of("Allow", methods));
    }

    private record Route(
            String method,
            String template,
            List<String> segments,
            BiFunction<Request, Map<String, String>, Response> handler) {
        Optional<Map<String, String>> match(String[] path) {
            if (path.length != segments.size()) {
                return Optional.empty();
            }
            Map<String, String> variables = new LinkedHashMap<>();
            for (int i = 0; i < path.length; i++) {
                String segment = segments.get(i);
                if (segment.startsWith("{") && !path[i].isEmpty()) {
                    variables.put(segment.substring(1, segment.length() - 1), path[i]);
                } else if (!segment.equals(path[i])) {
                    return Optional.empty();
                }
            }
            return Optional.of(variables);
        }
    }
}
